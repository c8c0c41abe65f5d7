/** redis-cli, psql, mysql, mongosh: clients that find the server of the machine, or none. */
import type { Run } from '../../program.ts';
import { ipOf } from '../network/transfer.ts';
import { Fault, latin, type Tool } from '../tool.ts';

function isOwn(run: Run, host: string): boolean {
  const ip = ipOf(run, host.toLowerCase());
  return ip !== undefined && (/^127\./.test(ip) || ip === run.world.persona.network.address);
}

function isRunning(run: Run, part: string): boolean {
  return run.world.processes.some(({ args }) => args.join(' ').includes(part));
}

export const redisCli: Tool = async (run) => {
  const rest = run.args.slice(1);
  let [host, port] = ['127.0.0.1', 6379];
  while (rest[0]?.startsWith('-')) {
    const option = rest.shift()!;
    if (option === '-h') host = rest.shift() ?? host;
    else if (option === '-p') port = Number(rest.shift()) || port;
    else if (/^(-a|-n|-u|-r|-i|-s|--user|--pass)$/.test(option)) rest.shift();
    else if (/^(-v|--version)$/.test(option)) {
      await run.stdout.write('redis-cli 7.0.15\n');
      return 0;
    }
  }
  run.note({ kind: 'connect', tool: 'redis-cli', host, port });
  if (!isOwn(run, host) || !isRunning(run, 'redis-server') || port !== 6379) {
    if (!isOwn(run, host)) await run.sleep(20_000);
    throw new Fault(
      `Could not connect to Redis at ${host}:${port}: Connection ${isOwn(run, host) ? 'refused' : 'timed out'}\n`,
      1,
    );
  }
  if (rest.length > 0) {
    await run.stdout.write(reply(rest, run.stdout.isTerminal));
    return 0;
  }
  for (;;) {
    if (run.stdin.isTerminal) await run.stdout.write(`${host}:${port}> `);
    const part = await run.stdin.read();
    if (part === undefined) return 0;
    for (const line of latin(part).split('\n')) {
      const words = line
        .trim()
        .split(/\s+/)
        .filter((word) => word !== '');
      if (words.length === 0) continue;
      if (/^(quit|exit)$/i.test(words[0]!)) return 0;
      await run.stdout.write(reply(words, run.stdout.isTerminal));
    }
  }
};

/** An empty server that takes everything. */
function reply(words: readonly string[], isTerminal: boolean): string {
  const [command = '', argument = ''] = words;
  switch (command.toLowerCase()) {
    case 'ping':
      return 'PONG\n';
    case 'get':
      return isTerminal ? '(nil)\n' : '\n';
    case 'keys':
    case 'scan':
      return isTerminal ? '(empty array)\n' : '\n';
    case 'dbsize':
      return isTerminal ? '(integer) 0\n' : '0\n';
    case 'info':
      return '# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nos:Linux\r\narch_bits:64\r\ntcp_port:6379\r\n\r\n# Keyspace\r\n';
    case 'config':
      return argument.toLowerCase() === 'get'
        ? `1) "${words[2] ?? ''}"\n2) "${words[2] === 'dir' ? '/var/lib/redis' : words[2] === 'dbfilename' ? 'dump.rdb' : ''}"\n`
        : 'OK\n';
    case 'set':
    case 'save':
    case 'bgsave':
    case 'flushall':
    case 'select':
    case 'slaveof':
    case 'replicaof':
    case 'auth':
      return 'OK\n';
    case 'del':
    case 'exists':
      return isTerminal ? '(integer) 0\n' : '0\n';
    default:
      return `(error) ERR unknown command '${command}', with args beginning with: ${words
        .slice(1, 4)
        .map((word) => `'${word}' `)
        .join('')}\n`;
  }
}

/** Of Debian's postgresql-client-15, as the server has it. */
const psqlVersion = '15.18 (Debian 15.18-0+deb12u1)';
const serverVersion = `PostgreSQL ${psqlVersion} on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit`;
const versionTable = [
  'version'.padStart(66).padEnd(serverVersion.length + 2),
  '-'.repeat(serverVersion.length + 2),
  ` ${serverVersion}`,
  '(1 row)',
].join('\n');

export const psql: Tool = async (run) => {
  const args = run.args.slice(1);
  const value = (letter: string, long: string): string | undefined => {
    const at = args.findIndex((arg) => arg === `-${letter}` || arg === `--${long}`);
    return at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith(`--${long}=`))?.split('=')[1];
  };
  if (args.includes('-V') || args.includes('--version')) {
    await run.stdout.write(`psql (PostgreSQL) ${psqlVersion}\n`);
    return 0;
  }
  const host = value('h', 'host');
  if (host !== undefined && !isOwn(run, host)) {
    run.note({ kind: 'connect', tool: 'psql', host, port: Number(value('p', 'port') ?? 5432) });
    await run.sleep(20_000);
    throw new Fault(
      `psql: error: connection to server at "${host}", port 5432 failed: Connection timed out\n\tIs the server running on that host and accepting TCP/IP connections?\n`,
      2,
    );
  }
  if (!isRunning(run, '/postgres -D'))
    throw new Fault(
      'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?\n',
      2,
    );
  const user = value('U', 'username') ?? run.user.name;
  if (user !== 'postgres')
    throw new Fault(
      `psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  role "${user}" does not exist\n`,
      2,
    );
  const command = value('c', 'command');
  if (command !== undefined) {
    run.note({ kind: 'command', words: ['psql', command] });
    if (/^\s*select\s+version/i.test(command)) await run.stdout.write(`${versionTable}\n\n`);
    return 0;
  }
  await run.stdout.write(`psql (${psqlVersion})\nType "help" for help.\n\n`);
  for (;;) {
    if (run.stdin.isTerminal) await run.stdout.write('postgres=# ');
    const part = await run.stdin.read();
    if (part === undefined || /\\q|^exit|^quit/m.test(latin(part))) return 0;
  }
};

/** Of servers that the machine does not have. */
export const noServer: Tool = async (run) => {
  const host = /(?:-h|--host)[= ]?(\S+)/.exec(run.args.slice(1).join(' '))?.[1];
  const name = run.args[0]?.replace(/^.*\//, '') ?? '';
  if (host !== undefined && !isOwn(run, host)) {
    run.note({ kind: 'connect', tool: name, host, port: name.startsWith('mongo') ? 27_017 : 3306 });
    await run.sleep(20_000);
    throw new Fault(
      name.startsWith('mongo')
        ? `MongoServerSelectionError: connection timed out\n`
        : `ERROR 2003 (HY000): Can't connect to MySQL server on '${host}:3306' (110)\n`,
      1,
    );
  }
  throw new Fault(
    name.startsWith('mongo')
      ? 'MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017\n'
      : "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)\n",
    1,
  );
};
