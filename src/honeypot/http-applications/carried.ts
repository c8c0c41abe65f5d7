/**
 * Commands in requests that are no exploit of a known application: routers and cameras have hundreds of such holes, and
 * whoever tries them here names a second stage as well.
 */
import { decodeText } from '../../indicator/decode.ts';
import { bodyValuesOf, isJson, type RequestText, valuesOf } from './request-text.ts';

/** Of one request, in characters. */
const most = { commands: 8, values: 100, length: 16 * 1024, all: 128 * 1024 } as const;

/** What nobody writes who does not want a shell: a downloader with an address, a shell with its option, encoded code. */
const command =
  /\b(?:wget|curl|tftp|ftpget|lwp-download)\b[^\n]{0,200}?(?:\w:\/\/|\b\d{1,3}(?:\.\d{1,3}){3}\b)|\bsh\s+-[ci]\b|\|\s*(?:\/bin\/)?(?:ba)?sh\b|\bbase64\s+(?:-d|--decode)\b/i;

/** A client that says who it is: `curl/8.5.0 (+https://example.com/)`. */
const product = /^[\w.-]{1,40}\/\d/;

/** Values of its parameters, headers and body in which a shell would find a command, encoded ones in plain text. */
export function carriedCommands(request: RequestText): readonly string[] {
  const found = new Set<string>();
  let left = most.all;
  for (const whole of valuesOf(request)) {
    if (left <= 0 || found.size === most.commands) break;
    const value = whole.slice(0, most.length);
    left -= value.length;
    if (product.test(value)) continue;
    const texts = [value, ...decodeText(value).map((one) => one.text)];
    const text = texts.find((one) => command.test(one));
    if (text !== undefined) found.add(text.slice(0, most.length));
  }
  return [...found];
}

/** The texts of a body in which there may be code: what is more than a name or a number; JSON as a whole, for its order. */
export function carriedCode(request: RequestText): readonly string[] {
  if (isJson(request)) return [request.body];
  const found: string[] = [];
  for (const value of bodyValuesOf(request)) {
    if (found.length === most.values) break;
    if (/[;|&`$(){}]/.test(value)) found.push(value);
  }
  return found;
}
