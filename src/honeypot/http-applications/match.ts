/** Which exploit a request is, and which command it carries. */
import { hash } from 'node:crypto';
import type { Application, Exploit } from './application.ts';
import { decoded } from './encodings.ts';
import { patternOf } from './patterns.ts';
import { formValue, headerOf, jndiAddresses, jsonValue, type RequestText } from './request-text.ts';

export interface Match {
  readonly application: Application;
  readonly exploit: Exploit;
  readonly command: string | undefined;
  /** What it prints without a command. */
  readonly proof: string | undefined;
}

export function matchExploit(applications: readonly Application[], request: RequestText): Match | undefined {
  for (const application of applications) {
    for (const exploit of application.exploits) {
      if (!applies(exploit, request)) continue;
      const proof = proofOf(exploit, request);
      const command = proof === undefined ? commandOf(exploit, request) : undefined;
      return { application, exploit, command, proof };
    }
  }
  return undefined;
}

function applies({ when }: Exploit, request: RequestText): boolean {
  if (when.method !== undefined && !when.method.includes(request.method)) return false;
  if (when.path !== undefined && !patternOf(when.path).matches(request.path)) return false;
  if (when.target !== undefined && !patternOf(when.target).matcher(request.target).find()) return false;
  if (when.body !== undefined && !patternOf(when.body).matcher(request.body).find()) return false;
  if (when.header === undefined) return true;
  const value = headerOf(request, when.header.name);
  return value !== undefined && patternOf(when.header.value).matcher(value).find();
}

/** Longest command that is run, in characters. */
const maxCommand = 64 * 1024;

function commandOf({ command }: Exploit, request: RequestText): string | undefined {
  for (const { in: place, name = '', pattern, kind, encoding } of command) {
    const text = textAt(place, name, request);
    const found = text === undefined || pattern === undefined ? text : groupIn(pattern, text);
    if (found === undefined || found === '') continue;
    const plain = decoded(found, encoding).slice(0, maxCommand);
    return kind === 'file' ? `cat '${plain.replaceAll("'", "'\\''")}'` : plain;
  }
  return undefined;
}

function proofOf({ proof }: Exploit, request: RequestText): string | undefined {
  const text = proof && textAt(proof.in, '', request);
  const asked = text === undefined ? undefined : groupIn(proof!.pattern, text);
  return asked === undefined ? undefined : hash('md5', Buffer.from(asked, 'latin1'));
}

/** The first group that is there. */
function groupIn(pattern: string, text: string): string | undefined {
  const matcher = patternOf(pattern).matcher(text);
  if (!matcher.find()) return undefined;
  for (let group = 1; group <= matcher.groupCount(); group += 1) {
    const found = matcher.group(group);
    if (found) return found;
  }
  return undefined;
}

function textAt(place: string, name: string, request: RequestText): string | undefined {
  switch (place) {
    case 'target':
      return request.target;
    case 'query':
      return request.query.get(name) ?? undefined;
    case 'body':
      return request.body;
    case 'form':
      return formValue(request, name);
    case 'json':
      return jsonValue(request, name);
    case 'header':
      return headerOf(request, name);
    default:
      return [request.target, ...request.headers.map(([, value]) => value), request.body].join('\n');
  }
}

/** Log4Shell is in any part of any request, whatever runs there. */
export function log4shellOf(request: RequestText): string[] {
  const all = textAt('any', '', request)!;
  return all.includes('${') ? jndiAddresses(all) : [];
}
