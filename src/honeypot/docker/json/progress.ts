/** Lines of progress as dockerd streams them (pkg/streamformatter, pkg/jsonmessage, 20.10). */
import { goJsonText } from './encode.ts';

/** One JSON value of a stream of messages. */
export function message(value: object): string {
  return `${goJsonText(value)}\r\n`;
}

export function statusMessage(status: string, id?: string): string {
  return message({ status, ...(id !== undefined && { id }) });
}

export function errorMessage(text: string, code?: number): string {
  return message({ errorDetail: { ...(code !== undefined && { code }), message: text }, error: text });
}

/** @param current bytes @param total bytes; 0 where it is not known */
export function progressMessage(status: string, id: string | undefined, current = 0, total = 0): string {
  if (current === 0 && total === 0) return message({ status, progressDetail: {}, id });
  const detail = { ...(current > 0 && { current }), ...(total > 0 && { total }) };
  return message({ status, progressDetail: detail, progress: bar(current, total), id });
}

const width = 50;

function bar(current: number, total: number): string {
  const done = humanSize(current).padStart(8);
  if (total <= 0) return done;
  const filled = Math.min(width, Math.floor(Math.floor((current / total) * 100) / 2));
  const box = `[${'='.repeat(filled)}>${' '.repeat(width - filled)}] `;
  return box + (current > total ? done : `${done}/${humanSize(total)}`);
}

/** go-units' `HumanSize`: four digits, powers of a thousand. */
export function humanSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(4))}${units[unit]}`;
}
