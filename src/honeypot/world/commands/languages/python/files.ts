/** `open`, and what is open. */
import { FileError } from '../../../files/node.ts';
import type { View } from '../../../files/view.ts';
import { type Desk, functions } from './desk.ts';
import { type Callable, callable, listOf, Raised, reprOf, textOf, thing, type Value } from './value.ts';

/** Does something with files, and fails as Python would. */
export function files<T>(desk: Desk, work: (view: View) => T): T {
  try {
    return work(desk.machine.view(desk.cwd));
  } catch (error) {
    if (error instanceof FileError) throw raisedBy(error, '');
    throw error;
  }
}

const numbers: Partial<Record<FileError['code'], readonly [number, string]>> = {
  ENOENT: [2, 'FileNotFoundError'],
  EACCES: [13, 'PermissionError'],
  EPERM: [1, 'PermissionError'],
  EEXIST: [17, 'FileExistsError'],
  ENOTDIR: [20, 'NotADirectoryError'],
  EISDIR: [21, 'IsADirectoryError'],
};

function raisedBy({ code, message }: FileError, path: string): Raised {
  const [number, type] = numbers[code] ?? [5, 'OSError'];
  return new Raised(type, `[Errno ${number}] ${message}${path === '' ? '' : `: ${reprOf(path)}`}`);
}

/** Something to read from. */
export function fileOf(bytes: Buffer, isBinary: boolean): Value {
  const whole: Value = isBinary ? bytes : bytes.toString('utf8');
  const lines = bytes
    .toString('utf8')
    .split(/(?<=\n)/)
    .filter((line) => line !== '');
  let at = 0;
  return thing('TextIOWrapper', {
    ...functions({
      read: () => whole,
      readlines: () => listOf(lines),
      readline: () => lines[at++] ?? '',
      close: () => null,
      getcode: () => 200n,
    }),
    status: 200n,
  });
}

/** `open(path, mode)` */
export function opened(desk: Desk): Callable {
  return callable('open', ([path = '', mode = 'r']) => {
    const [name, how] = [textOf(path), textOf(mode)];
    const view = desk.machine.view(desk.cwd);
    try {
      if (!/[wax+]/.test(how)) return fileOf(Buffer.from(view.read(name)), how.includes('b'));
      if (!how.includes('a')) view.write(name, Buffer.alloc(0));
      desk.machine.left(name.startsWith('/') ? name : `${desk.cwd}/${name}`);
    } catch (error) {
      if (error instanceof FileError) throw raisedBy(error, name);
      throw error;
    }
    return thing(
      'TextIOWrapper',
      functions({
        write: ([content = '']) => {
          const bytes = Buffer.isBuffer(content) ? content : Buffer.from(textOf(content));
          view.write(name, bytes, { append: true });
          return BigInt(bytes.length);
        },
        close: () => null,
        flush: () => null,
      }),
    );
  });
}
