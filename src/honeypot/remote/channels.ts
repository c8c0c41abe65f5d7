/**
 * The streams of a command that runs at the other end of a connection, whichever protocol carries them: SPDY or
 * WebSockets (k8s.io/apimachinery, util/remotecommand).
 */
import type { JsonObject } from '../cluster/json.ts';

/** What the visitor wants to have, by the request's query. */
export interface Wanted {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

export interface Channels {
  /** Resolves when there is room for more; false where nobody listens any more. */
  write(to: 'stdout' | 'stderr', bytes: Uint8Array): Promise<boolean>;
  /** Called with what is typed; undefined at its end. What came before is told at once. */
  listen(input: (bytes: Buffer | undefined) => void, resize: (size: Size) => void): void;
  /** Says how it ended, a Status, and closes. */
  finish(status: JsonObject): void;
  /** Resolves when the visitor is gone. */
  readonly gone: Promise<void>;
}

/** @param text what clients write when their terminal changes: `{"Width":80,"Height":24}` */
export function sizeOf(text: string): Size | undefined {
  try {
    const { Width, Height } = JSON.parse(text) as { readonly Width?: unknown; readonly Height?: unknown };
    const isSize = (value: unknown): value is number =>
      Number.isInteger(value) && Number(value) > 0 && Number(value) < 5000;
    return isSize(Width) && isSize(Height) ? { rows: Height, columns: Width } : undefined;
  } catch {
    return undefined;
  }
}

/** Input that waits for somebody who takes it, within bounds. */
export function createInlet(): {
  push(bytes: Buffer | undefined): void;
  listen(listener: (bytes: Buffer | undefined) => void): void;
} {
  const maxWaiting = 256 * 1024;
  let waiting: (Buffer | undefined)[] = [];
  let size = 0;
  let listener: ((bytes: Buffer | undefined) => void) | undefined;
  return {
    push(bytes) {
      if (listener !== undefined) listener(bytes);
      else if (bytes === undefined || size + bytes.length <= maxWaiting) {
        size += bytes?.length ?? 0;
        waiting.push(bytes);
      }
    },
    listen(to) {
      listener = to;
      for (const one of waiting) to(one);
      waiting = [];
    },
  };
}
