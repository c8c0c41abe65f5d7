/** What of an event's data is input, what output, and what is told in a line. */
import type { StoredEvent } from '../../../../../src/api/events.ts';

/** Members of `data` that are what a visitor typed, and what came back; the first that is there. */
const inputs = ['line', 'command', 'parameters', 'cmd', 'query', 'input', 'stdin', 'script', 'code'];
const outputs = ['output', 'stdout'];
/** Told beside the type. */
const brief = ['user', 'password', 'image', 'name', 'path', 'method', 'target', 'key', 'pod', 'exitCode'];

export function inputOf({ data = {} }: StoredEvent): string | undefined {
  const typed = textAt(data, inputs);
  const args = Array.isArray(data.args) ? data.args.map(String) : [];
  return typed === undefined || args.length === 0 ? typed : [typed, ...args].join(' ');
}

export function outputOf({ data = {} }: StoredEvent): string | undefined {
  return textAt(data, outputs);
}

function textAt(data: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = data[name];
    if (Array.isArray(value) && value.length > 0) return value.map(String).join(' ');
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return Object.entries(value)
        .map(([key, one]) => `${key} ${one}`)
        .join('\n');
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return undefined;
}

export function shortFacts({ data = {} }: StoredEvent): string {
  return brief
    .flatMap((name) => {
      const value = data[name];
      if (value === undefined || value === null || value === '' || typeof value === 'object') return [];
      return [`${name} ${String(value).slice(0, 120)}`];
    })
    .join(', ');
}

/** What is told nowhere else. */
export function dataLines({ data = {} }: StoredEvent): [name: string, value: string][] {
  const told = new Set([...inputs, ...outputs, ...brief, 'args', 'artefacts']);
  return Object.entries(data).flatMap(([name, value]): [string, string][] => {
    if (told.has(name) || value === null || value === '' || value === undefined) return [];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [[name, text.length > 2000 ? `${text.slice(0, 2000)}…` : text]];
  });
}

export interface LeftFile {
  readonly name: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Not where it was too large. */
  readonly isKept: boolean;
}

/** Files that the event left, as the recorder tells of them. */
export function filesOf({ data = {} }: StoredEvent): LeftFile[] {
  if (!Array.isArray(data.artefacts)) return [];
  return data.artefacts.flatMap((one: Readonly<Record<string, unknown>> | null) =>
    typeof one?.sha256 === 'string' && /^[0-9a-f]{64}$/.test(one.sha256)
      ? [
          {
            name: String(one.name ?? ''),
            sha256: one.sha256,
            size: Number(one.size ?? 0),
            isKept: one.kept !== false,
          },
        ]
      : [],
  );
}
