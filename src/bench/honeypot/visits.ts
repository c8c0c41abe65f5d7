/**
 * What chaos is made of: visitors that ask decoys for something with a mark in it, one after another, and know which of
 * their marks were answered. An event carries the mark of what it tells of, in its words or in the bytes that came.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, command } from './clients.ts';
import { logIn } from './ssh-visitor.ts';

/** Asks once. @throws where there is no answer, or half of one */
type Ask = (port: number, mark: string) => Promise<unknown>;

interface Visit {
  /** Of the port, as the sensor calls it. */
  readonly decoy: string;
  readonly ask: Ask;
}

/** By what the events are worth, which says what goes first when there is no room. */
export const visits: Readonly<Record<'noise' | 'talk' | 'evidence', readonly Visit[]>> = {
  noise: [
    { decoy: 'docker', ask: (port, mark) => ask(port, 'GET', `/v1.41/containers/${mark}/json`) },
    { decoy: 'kubelet-ro', ask: (port, mark) => ask(port, 'GET', `/${mark}`) },
    { decoy: 'etcd', ask: (port, mark) => ask(port, 'GET', `/${mark}`) },
    { decoy: 'http', ask: (port, mark) => ask(port, 'GET', `/${mark}`) },
  ],
  talk: [{ decoy: 'redis', ask: (port, mark) => command(port, `SET ${mark} 1`) }],
  evidence: [
    {
      decoy: 'docker',
      ask: (port, mark) =>
        ask(port, 'POST', `/v1.41/containers/create?name=${mark}`, {
          body: {
            Image: 'alpine',
            Cmd: ['sh', '-c', `echo ${mark} >> /mnt/etc/crontab`],
            HostConfig: { Binds: ['/:/mnt'] },
          },
        }),
    },
    { decoy: 'redis', ask: (port, mark) => command(port, `CONFIG SET dbfilename ${mark}`) },
    { decoy: 'etcd', ask: (port, mark) => ask(port, 'PUT', `/v2/keys/${mark}?value=1`) },
    { decoy: 'ssh', ask: shell },
  ],
};

async function shell(port: number, mark: string): Promise<void> {
  const visitor = await logIn(port, { secret: `admin${mark}` });
  visitor.leave();
}

/** Ten characters, so that a password may have one and be let in. */
const pattern = /wgx[0-9a-z]{6}x/g;

function markOf(number: number): string {
  return `wgx${number.toString(36).padStart(6, '0')}x`;
}

/** All marks in an event, as its line says it or in the bytes that came. */
export function marksIn(line: string, head: string): readonly string[] {
  const came = Buffer.from(head, 'base64').toString('latin1');
  return [...(line.match(pattern) ?? []), ...(came.match(pattern) ?? [])];
}

export interface Traffic {
  /** Marks that were answered. */
  readonly answered: ReadonlySet<string>;
  /** Asked, but without an answer: whether there is an event of it is open. */
  readonly unanswered: number;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

let marks = 0;

/**
 * @param ports where decoys listen; those without a port are left out
 * @param visitors who ask at the same time
 * @param pause milliseconds between an answer and the next question of the same visitor
 */
export function startTraffic(
  ports: ReadonlyMap<string, number>,
  kinds: readonly Visit[],
  { visitors, pause = 0 }: { readonly visitors: number; readonly pause?: number },
): Traffic {
  const some = kinds.filter((one) => ports.has(one.decoy));
  const answered = new Set<string>();
  let unanswered = 0;
  let isOver = false;
  const all = Array.from({ length: visitors }, async (_, visitor) => {
    for (let turn = visitor; !isOver; turn += 1) {
      const { decoy, ask } = some[turn % some.length]!;
      const mark = markOf(marks++);
      try {
        await ask(ports.get(decoy)!, mark);
        answered.add(mark);
        if (pause > 0) await sleep(pause);
      } catch {
        unanswered += 1;
        // A decoy that is down stays so for some hundred milliseconds.
        await sleep(20);
      }
    }
  });
  return {
    answered,
    get unanswered() {
      return unanswered;
    },
    async stop() {
      isOver = true;
      await Promise.all(all);
    },
  };
}
