/** What an event is about, in the few terms that other formats have a place for. Decoys put it into `data`. */
import type { DecoyEvent } from '../../model/event.ts';

export interface Facts {
  /** First word of the type. */
  readonly service: string;
  /** The others. */
  readonly action: string;
  readonly user?: string;
  /** Of whoever tried to get in. */
  readonly accepted?: boolean;
  /** A command as it was given, before it was taken apart. */
  readonly command?: string;
  readonly exitCode?: number;
  /** Of a request over HTTP. */
  readonly method?: string;
  readonly path?: string;
  readonly files: readonly LeftFile[];
}

export interface LeftFile {
  readonly path: string;
  /** In hex. */
  readonly sha256: string;
  readonly size?: number;
}

type Data = Readonly<Record<string, unknown>>;

export function factsOf({ type, data = {}, norm }: DecoyEvent): Facts {
  const [service = '', ...action] = type.split('.');
  const user = firstText(data, ['user', 'username']);
  const command = firstText(data, ['line', 'command', 'input', 'stdin']) ?? norm.commands[0];
  const method = firstText(data, ['method']);
  const path = firstText(data, ['target', 'path']);
  const { accepted, exitCode } = data;
  return {
    service,
    action: action.join('.'),
    files: filesOf(data),
    ...(user !== undefined && { user }),
    ...(typeof accepted === 'boolean' && { accepted }),
    ...(command !== undefined && { command }),
    ...(Number.isSafeInteger(exitCode) && { exitCode: Number(exitCode) }),
    ...(method !== undefined && httpMethod.test(method) && { method }),
    ...(path !== undefined && { path }),
  };
}

const httpMethod = /^[A-Z]{3,10}$/;

function firstText(data: Data, names: readonly string[]): string | undefined {
  for (const name of names) {
    const one = data[name];
    if (typeof one === 'string' && one !== '') return one;
  }
  return undefined;
}

function filesOf({ artefacts }: Data): LeftFile[] {
  if (!Array.isArray(artefacts)) return [];
  return artefacts.flatMap((one: { name?: unknown; sha256?: unknown; size?: unknown } | null) => {
    const { name, sha256, size } = one ?? {};
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return [];
    const path = typeof name === 'string' ? name : '';
    return [{ path, sha256, ...(Number.isSafeInteger(size) && { size: Number(size) }) }];
  });
}

/** For people: `ssh.shell.input from 192.0.2.7: uname -a`. */
export function sentenceOf({ type, src, norm }: DecoyEvent, facts: Facts): string {
  const request = [facts.method, facts.path].filter((one) => one !== undefined).join(' ');
  const about = facts.command ?? norm.urls[0] ?? facts.user ?? norm.images[0] ?? request;
  return `${type} from ${src.ip}${about === '' ? '' : `: ${about.slice(0, 1000)}`}`;
}
