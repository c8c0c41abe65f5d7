/** Functions that tell of the session, the server and who may what. */
import { PgError } from '../../failure.ts';
import { versionText } from '../../server.ts';
import type { Value } from '../../types.ts';
import type { Context } from '../context.ts';
import { searchPath } from '../resolve.ts';
import { define, type SqlFunction } from './define.ts';

const yes = (): boolean => true;

function setting({ session }: Context, name: string, isOptional = false): Value {
  if (name.toLowerCase() === 'session_authorization') return session.user;
  const value = session.settings.find(name);
  if (value !== undefined) return value;
  if (isOptional) return null;
  throw new PgError('42704', `unrecognized configuration parameter "${name}"`, 'guc.c:5734:find_option');
}

function schemas({ session }: Context): string[] {
  return searchPath(session.settings.get('search_path'), session.user).filter((name) =>
    session.database.schemas.has(name),
  );
}

export const sessionFunctions: readonly SqlFunction[] = [
  define('version() text', () => versionText),
  define('current_user() name', ({ session }) => session.user),
  define('session_user() name', ({ session }) => session.user),
  define('getpgusername() name', ({ session }) => session.user),
  define('current_database() name', ({ session }) => session.database.name),
  define('current_catalog() name', ({ session }) => session.database.name),
  define('current_schema() name', (context) => schemas(context)[0] ?? null),
  define('current_schemas(bool) name[]', (context, all: boolean) =>
    all ? ['pg_catalog', ...schemas(context)] : schemas(context),
  ),
  define('current_query() text', ({ session }) => session.query),
  define('inet_server_addr() inet', ({ session }) => session.connection.dst.ip),
  define('inet_server_port() int4', ({ session }) => session.connection.dst.port),
  define('inet_client_addr() inet', ({ session }) => session.connection.src.ip),
  define('inet_client_port() int4', ({ session }) => session.connection.src.port),
  define('host(inet) text', (_, address: string) => address.replace(/\/\d+$/, '')),
  define('pg_backend_pid() int4', ({ session }) => session.processId),
  define('pg_is_in_recovery() bool', () => false),
  define('pg_is_in_backup() bool', () => false),
  define('current_setting(text, [bool]) text', setting),
  define('set_config(text, text, bool) text', ({ session }, name: string, value: string) => {
    session.settings.set(name, value);
    return session.settings.get(name);
  }),
  define('txid_current() int8', ({ server }) => BigInt(server.transaction())),
  define('pg_current_xact_id() text', ({ server }) => String(server.transaction())),
  define('pg_current_wal_lsn() pg_lsn', ({ server }) => server.position()),
  define('pg_current_wal_insert_lsn() pg_lsn', ({ server }) => server.position()),
  define('pg_reload_conf() bool', yes),
  define('pg_rotate_logfile() bool', () => false),
  define('pg_switch_wal() pg_lsn', ({ server }) => server.position()),
  define('pg_terminate_backend(int4, [int8]) bool', (context, pid: number) =>
    endSession(context, pid, 'end'),
  ),
  define('pg_cancel_backend(int4) bool', (context, pid: number) => endSession(context, pid, 'cancel')),
  define('pg_stat_reset() void', () => ''),
  define('pg_advisory_lock(int8) void', () => ''),
  define('pg_advisory_unlock(int8) bool', yes),
  define('pg_try_advisory_lock(int8) bool', yes),
  define('pg_notify(text, text) void', () => ''),
  define('pg_export_snapshot() text', () => '00000003-00000002-1'),
  define('pg_has_role(any, any, [any]) bool', yes),
  define('has_database_privilege(any, any, [any]) bool', yes),
  define('has_schema_privilege(any, any, [any]) bool', yes),
  define('has_table_privilege(any, any, [any]) bool', yes),
  define('has_column_privilege(any, any, any, [any]) bool', yes),
  define('has_any_column_privilege(any, any, [any]) bool', yes),
  define('has_function_privilege(any, any, [any]) bool', yes),
  define('has_tablespace_privilege(any, any, [any]) bool', yes),
  define('has_language_privilege(any, any, [any]) bool', yes),
  define('has_sequence_privilege(any, any, [any]) bool', yes),
  define('row_security_active(any) bool', () => false),
  define('pg_client_encoding() name', ({ session }) => session.settings.get('client_encoding')),
  define('dblink_connect(text, [text]) text', connectOut('dblink.c:355:dblink_connect')),
  define('dblink(text, [text]) record', connectOut('dblink.c:242:dblink_get_conn')),
  define('dblink_exec(text, [text]) text', connectOut('dblink.c:242:dblink_get_conn')),
];

function endSession({ server, session }: Context, pid: number, how: 'end' | 'cancel'): boolean {
  for (const one of server.sessions)
    if (one.processId === pid && one !== session) {
      one.cancel.abort();
      if (how === 'end')
        one.terminate(
          new PgError(
            '57P01',
            'terminating connection due to administrator command',
            'postgres.c:3211:ProcessInterrupts',
            {},
            'FATAL',
          ),
        );
      return true;
    }
  session.notices.push({
    severity: 'WARNING',
    code: '01000',
    message: `PID ${pid} is not a PostgreSQL backend process`,
    place: 'signalfuncs.c:71:pg_signal_backend',
  });
  return false;
}

/** Another server is never asked: nobody is there. */
function connectOut(place: string): SqlFunction['run'] {
  return (context: Context, first: string, second?: string): never => {
    const text = second !== undefined && /\b(?:host|hostaddr|dbname)\s*=/.test(second) ? second : first;
    const host = /host(?:addr)?\s*=\s*'?([^\s']{1,255})/.exec(text)?.[1];
    const port = Number(/port\s*=\s*'?(\d{1,5})/.exec(text)?.[1] ?? 5432);
    context.tell('dblink', {
      texts: [text.slice(0, 4000)],
      data: { target: text.slice(0, 1000) },
      ...(host !== undefined && { notes: [{ kind: 'connect', tool: 'dblink', host, port } as const] }),
    });
    const where =
      host === undefined ? 'on socket "/var/run/postgresql/.s.PGSQL.5432"' : `at "${host}", port ${port}`;
    throw new PgError('08001', 'could not establish connection', place, {
      detail: `connection to server ${where} failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`,
    });
  };
}
