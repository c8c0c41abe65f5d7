/** What events tell of containers: how they are tied to the host, what they run, and the techniques that this is. */
import { rawHead } from '../../model/event.ts';
import type { Recorded } from '../decoy.ts';
import { argumentLine } from '../payload/line.ts';
import type { Call } from './api/call.ts';
import type { Decoded } from './json/decode.ts';

const mostEnv = 64;
const mostText = 1000;

/** Of all texts of an event, in characters: what is decoded for addresses and commands, at once. */
const mostDecoded = 32 << 10;
/** Of all command lines. */
const mostCommands = 64 << 10;
/** Larger ones are not kept by the sensor, either; in bytes. */
const largestBody = 8 << 20;

/** An event as large as may be: texts and commands cut, and a body that its head does not show kept as a file. */
export function bounded(type: string, what: Recorded): Recorded {
  const { raw, texts, commands, artefacts } = what;
  const isLong = raw !== undefined && raw.length > rawHead && raw.length <= largestBody;
  const isKept = type !== 'request' && isLong && artefacts === undefined;
  return {
    ...what,
    ...(texts !== undefined && { texts: cut(texts, mostDecoded) }),
    ...(commands !== undefined && { commands: cut(commands, mostCommands) }),
    ...(isKept && { artefacts: [{ name: 'body', content: Buffer.from(raw) }] }),
  };
}

function cut(texts: readonly string[], most: number): string[] {
  const kept: string[] = [];
  let left = most;
  for (const text of texts) {
    if (left <= 0) break;
    kept.push(text.slice(0, left));
    left -= text.length;
  }
  return kept;
}

/** Places of the host from which it can be taken over: all of it, its settings, its users, devices, its daemon. */
const hostsOwn =
  /^\/(?::|$|(?:etc|root|home|proc|dev|boot|usr)(?:[/:]|$))|\/(?:docker|containerd)\.sock(?::|$)/;

/** @param more how it ended: `id` and `name`, or the words of the refusal */
export async function recordCreate(
  call: Call,
  raw: Buffer,
  body: Decoded,
  more: Readonly<Record<string, unknown>>,
): Promise<void> {
  const host = (body.HostConfig ?? {}) as Decoded;
  const binds = bindsOf(host);
  const command = [...strings(body.Entrypoint), ...strings(body.Cmd)];
  const env = strings(body.Env).slice(0, mostEnv);
  const image = typeof body.Image === 'string' ? body.Image : undefined;
  const isTied =
    binds.some((bind) => hostsOwn.test(bind)) ||
    strings(host.CapAdd).some((capability) =>
      /^(?:CAP_)?(?:ALL|SYS_ADMIN|SYS_MODULE|SYS_PTRACE)$/i.test(capability),
    ) ||
    host.Privileged === true ||
    host.PidMode === 'host';
  const isUnread = Object.keys(body).length === 0;
  await call.record('container.create', {
    raw,
    texts: isUnread ? [raw.toString('utf8')] : [...textsOf(command), ...checkOf(body), ...env],
    commands: command.length > 0 ? [command.join(' ').slice(0, 16_000)] : [],
    images: image === undefined || image === '' ? [] : [image],
    attack: isTied ? ['T1611'] : [],
    severity: isTied ? 'critical' : 'high',
    data: {
      image,
      cmd: strings(body.Cmd),
      entrypoint: strings(body.Entrypoint),
      binds,
      privileged: host.Privileged === true,
      networkMode: host.NetworkMode ?? '',
      pidMode: host.PidMode ?? '',
      capAdd: strings(host.CapAdd),
      env: env.map((one) => one.slice(0, mostText)),
      name: call.query.get('name') ?? '',
      version: call.minor,
      ...more,
    },
  });
}

/** What looks after the container's health is run again and again. */
function checkOf({ Healthcheck: check }: Decoded): string[] {
  const [kind, ...words] = strings((check as Decoded | undefined)?.Test);
  if (kind === 'CMD-SHELL') return words.slice(0, 1);
  return kind === 'CMD' ? textsOf(words) : [];
}

/** Binds, and mounts of the host written the other way. */
function bindsOf(host: Decoded): string[] {
  const mounts = Array.isArray(host.Mounts) ? (host.Mounts as Decoded[]) : [];
  return [
    ...strings(host.Binds),
    ...mounts.flatMap(({ Type, Source, Target }) => (Type === 'bind' ? [`${Source}:${Target}`] : [])),
  ];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/**
 * What is to be decoded of a command: its script where it is a shell with one, which is more than a line of words.
 * `chroot /mnt sh -c '…'` has one, too.
 */
export function textsOf(command: readonly string[]): string[] {
  const at = command.findIndex(
    (word, index) => /^-[a-z]*c$/.test(word) && /sh$/.test(command[index - 1] ?? ''),
  );
  return at < 0 || command[at + 1] === undefined
    ? [argumentLine(command)]
    : [command[at + 1]!, ...command.slice(at + 2)];
}
