/** The server that a persona runs: its numbers, how busy it was, and what is in it. All of it out of the seed. */

import { placeNames, serverNames } from '../persona/choices.ts';
import type { Persona } from '../persona/persona.ts';
import type { Database } from './keyspace.ts';
import { SortedSet } from './sorted-set.ts';

export interface Identity {
  readonly runId: string;
  readonly replicationId: string;
  /** Clients that connected before, and what others did each second since the server was started. */
  readonly connections: number;
  readonly commandsPerSecond: number;
  readonly hitRate: number;
  /** Bytes before anything is in it. */
  readonly startupMemory: number;
  /** Order of what lies in hash tables. */
  readonly hashSeed: string;
  /** Order of what CONFIG GET lists, whose table has a seed of its own. */
  readonly tableSeed: string;
}

export function identityOf(persona: Persona): Identity {
  const random = persona.random('redis/server');
  return {
    runId: random.hex(40),
    replicationId: random.hex(40),
    connections: random.int(40, 900),
    commandsPerSecond: random.int(3, 90) / 100,
    hitRate: random.int(600, 985) / 1000,
    startupMemory: 862_000 + 16 * random.int(0, 2000),
    hashSeed: random.hex(16),
    tableSeed: random.hex(16),
  };
}

const lower = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Sessions, counters, a queue and settings of some application, as they lie in caches of small companies. */
export function fillDatabase(database: Database, persona: Persona): void {
  const random = persona.random('redis/keys');
  const application = random.pick([...serverNames, ...placeNames]);
  const name = (length: number): string => random.text(lower, length);
  const now = Date.now();
  const text = (key: string, value: string, seconds?: number): void => {
    database.put(key, { kind: 'string', text: value });
    if (seconds !== undefined) database.peek(key)!.expiresAt = now + 1000 * seconds;
  };
  for (let index = random.int(6, 20); index > 0; index -= 1) {
    const user = random.int(11, 9800);
    const session = {
      user_id: user,
      csrf: random.hex(32),
      ip: `10.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(2, 250)}`,
    };
    text(`${application}:session:${random.hex(32)}`, JSON.stringify(session), random.int(7200, 1_209_600));
  }
  for (let index = random.int(3, 8); index > 0; index -= 1)
    database.put(`${application}:user:${random.int(11, 9800)}`, {
      kind: 'hash',
      fields: new Map([
        ['name', name(random.int(5, 9))],
        ['plan', random.pick(['free', 'free', 'team', 'pro'])],
        ['last_login', String(Math.floor(now / 1000) - random.int(600, 900_000))],
      ]),
    });
  const jobs = Array.from({ length: random.int(1, 6) }, () =>
    JSON.stringify({
      class: `${random.pick(['Mail', 'Report', 'Sync', 'Resize'])}Job`,
      jid: random.hex(24),
      retry: true,
    }),
  );
  database.put(`queue:${random.pick(['default', 'mailers', 'low'])}`, { kind: 'list', items: jobs });
  const scores = Array.from({ length: random.int(4, 12) }, () => [name(7), random.int(1, 5000)] as const);
  database.put(`${application}:popular`, new SortedSet(scores));
  database.put(`${application}:features`, {
    kind: 'set',
    members: new Set(
      random.some(['beta-editor', 'new-nav', 'sso', 'dark-mode', 'export-v2', 'webhooks'], random.int(2, 4)),
    ),
  });
  text(`${application}:stats:hits`, String(random.int(12_000, 900_000)));
  text(`${application}:schema_version`, String(random.int(20_200_101, 20_251_201)));
  text(
    `${application}:settings`,
    JSON.stringify({
      maintenance: false,
      mail_from: `noreply@${application}.internal`,
      release: random.hex(7),
    }),
  );
}
