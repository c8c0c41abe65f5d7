/** The open files of a process by their numbers. A pipe ends when the last process that holds an end of it lets go. */
import type { Life } from './life.ts';
import { Stream } from './stream.ts';

/** Where bytes go. */
export interface Sink {
  readonly isTerminal: boolean;
  /** Units of work that one write takes, beside its bytes. */
  readonly cost: number;
  /** Waits while the reader is slow. @throws Ended, FileError */
  write(bytes: Uint8Array, life: Life): Promise<void> | undefined;
}

/** An open file; any number of descriptors, in any number of processes, may stand for it. */
export class OpenFile {
  readonly input: Stream | undefined;
  readonly output: Sink | undefined;
  private readonly onClose: (() => void) | undefined;
  private holders = 0;

  constructor(ends: { readonly input?: Stream; readonly output?: Sink }, onClose?: () => void) {
    this.input = ends.input;
    this.output = ends.output;
    this.onClose = onClose;
  }

  hold(): this {
    this.holders += 1;
    return this;
  }

  release(): void {
    this.holders -= 1;
    if (this.holders === 0) this.onClose?.();
  }
}

/** The write end and the read end. */
export function pipe(): { readonly writer: OpenFile; readonly reader: OpenFile } {
  const stream = new Stream();
  const sink: Sink = { isTerminal: false, cost: 2, write: (bytes, life) => stream.write(bytes, life) };
  return {
    writer: new OpenFile({ output: sink }, () => stream.end()),
    reader: new OpenFile({ input: stream }, () => stream.abandon()),
  };
}

/** What a descriptor was before a redirection. */
export interface Replaced {
  readonly number: number;
  readonly file: OpenFile | undefined;
}

/** Takes everything into one buffer that grows. */
export class Collector implements Sink {
  readonly isTerminal = false;
  readonly cost = 1;
  private readonly hold: (bytes: number) => void;
  private room: Buffer = Buffer.alloc(0);
  private size = 0;

  /** @param hold is told of what is kept, and may refuse it */
  constructor(hold: (bytes: number) => void) {
    this.hold = hold;
  }

  write(bytes: Uint8Array): undefined {
    this.hold(bytes.length);
    const size = this.size + bytes.length;
    if (size > this.room.length) {
      const room = Buffer.alloc(Math.max(256, 2 * size));
      room.set(this.content());
      this.room = room;
    }
    this.room.set(bytes, this.size);
    this.size = size;
  }

  content(): Uint8Array {
    return this.room.subarray(0, this.size);
  }
}

export class Descriptors {
  private readonly files: Map<number, OpenFile>;

  constructor(files: Iterable<readonly [number, OpenFile]> = []) {
    this.files = new Map(files);
    for (const file of this.files.values()) file.hold();
  }

  get(number: number): OpenFile | undefined {
    return this.files.get(number);
  }

  /** Holds the file, and hands over what was there to `restore` or `forget`. */
  replace(number: number, file: OpenFile | undefined): Replaced {
    const before = { number, file: this.files.get(number) };
    if (file === undefined) this.files.delete(number);
    else this.files.set(number, file.hold());
    return before;
  }

  set(number: number, file: OpenFile): void {
    forget(this.replace(number, file));
  }

  close(number: number): void {
    forget(this.replace(number, undefined));
  }

  /** In the reverse order of `replace`. */
  restore({ number, file }: Replaced): void {
    this.files.get(number)?.release();
    if (file === undefined) this.files.delete(number);
    else this.files.set(number, file);
  }

  fork(): Descriptors {
    return new Descriptors(this.files);
  }

  closeAll(): void {
    for (const file of this.files.values()) file.release();
    this.files.clear();
  }
}

export function forget({ file }: Replaced): void {
  file?.release();
}
