/**
 * Events in a file, one JSON object a line. A line is there as a whole or not at all: what a kill or a full disk left
 * half-written is taken away before the next.
 */
import { type FileHandle, open } from 'node:fs/promises';
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
    file = await open(path, 'a+', 0o600);
    end = await wholeLines(file);
    await file.truncate(end);
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

/** Where the last whole line ends, in bytes. */
async function wholeLines(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const chunk = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - chunk.length);
    const { bytesRead } = await file.read(chunk, 0, end - start, start);
    const feed = chunk.subarray(0, bytesRead).lastIndexOf(10);
    if (feed >= 0) return start + feed + 1;
    end = start;
  }
  return 0;
}
