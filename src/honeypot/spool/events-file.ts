/**
 * Events in a file, one JSON object a line. A line is there as a whole or not at all: what a kill or a full disk left
 * half-written is taken away before the next.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { createGroupCommit } from './group-commit.ts';
import type { Dropped, EventSink, NumberedEvent } from './sink.ts';
import { tally } from './tally.ts';

/**
 * @param drop is told of what did not fit on the disk
 * @throws WaterguardError `usage` where the file cannot be written
 */
export async function openEventsFile(path: string, drop: (dropped: Dropped) => void): Promise<EventSink> {
  let file: FileHandle;
  let end: number;
  try {
    ({ file, end } = await openToAppend(path));
  } catch (error) {
    throw new WaterguardError('usage', `--events ${path}: ${messageOf(error)}`, { cause: error });
  }

  async function write(events: readonly NumberedEvent[]): Promise<void> {
    const bytes = Buffer.from(events.map((one) => `${one.line}\n`).join(''));
    try {
      await file.appendFile(bytes);
      await file.datasync();
      end += bytes.length;
    } catch {
      await file.truncate(end).catch(() => {});
      for (const dropped of tally(events)) drop(dropped);
    }
  }

  const commits = createGroupCommit(write);
  return {
    append: commits.append,
    async close() {
      await commits.idle();
      await file.close();
    },
  };
}

/** What is no file takes no care of what it is given, or has no end to look for the last line. */
async function openToAppend(path: string): Promise<{ readonly file: FileHandle; readonly end: number }> {
  const known = await stat(path).catch(() => undefined);
  if (known !== undefined && !known.isFile())
    throw new Error(`it is ${known.isDirectory() ? 'a directory' : 'a device or a pipe'}, give a file`);
  const file = await open(path, 'a+', 0o600);
  try {
    const end = await wholeLines(file);
    await file.truncate(end);
    return { file, end };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** How each event begins. */
const beginning = '{"v":1,';

/**
 * Where the last whole line ends, in bytes.
 * @throws Error where what follows is no event that was torn, but somebody's text
 */
async function wholeLines(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const chunk = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - chunk.length);
    const { bytesRead } = await file.read(chunk, 0, end - start, start);
    const feed = chunk.subarray(0, bytesRead).lastIndexOf(10);
    if (feed >= 0) return tornAt(file, start + feed + 1, size);
    end = start;
  }
  return tornAt(file, 0, size);
}

async function tornAt(file: FileHandle, at: number, size: number): Promise<number> {
  const first = Buffer.alloc(Math.min(size - at, beginning.length));
  await file.read(first, 0, first.length, at);
  // Zeros are what some file systems leave where power was lost.
  if (beginning.startsWith(first.toString('latin1')) || first[0] === 0) return at;
  throw new Error('its last line is not ended and no event: give a file of events, or a new one');
}
