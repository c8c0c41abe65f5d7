/**
 * One application that is attacked over HTTP, as its file in `decoys/http/` tells: what it shows, and which requests
 * exploit it. The file says where in a request the visitor's command stands and what the application would answer; no
 * code belongs to an application.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { encodings } from './encodings.ts';
import { isPattern } from './patterns.ts';
import { isServerName, type ServerName } from './servers.ts';

const pattern = z.string().refine(isPattern, 'no pattern of RE2');

const reply = z.strictObject({
  status: z.int().min(100).max(599).default(200),
  type: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /**
   * `{{output}}` is what the command printed, `{{outputJson}}` the same inside a string of JSON. `{{hostname}}`,
   * `{{address}}`, `{{hex32:label}}`, `{{bytes32:label}}` in base64, `{{number:label}}`, `{{awsKey:label}}` and
   * `{{awsSecret:label}}` are the persona's; `{{now}}` and `{{started}}` are times, `{{now:iso}}`,
   * `{{now:digits}}`, `{{now:file}}`.
   */
  body: z.string().default(''),
});

const page = z.strictObject({
  method: z.string().default('GET'),
  path: z.string(),
  ...reply.shape,
});

const place = z.enum(['target', 'query', 'body', 'form', 'json', 'header', 'any']);

const exploit = z.strictObject({
  /** `CVE-2022-26134`, or what is open where there is no number. */
  name: z.string(),
  reference: z.url(),
  attack: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/)).default(['T1190']),
  severity: z.enum(['low', 'medium', 'high', 'critical']).default('high'),
  when: z.strictObject({
    method: z.array(z.string()).optional(),
    /** Of the path, its percent-escapes undone; a whole match. */
    path: pattern.optional(),
    /** Somewhere in the request's target, escapes undone twice. */
    target: pattern.optional(),
    header: z.strictObject({ name: z.string(), value: pattern }).optional(),
    body: pattern.optional(),
  }),
  /** Where the command stands, the first that is there. Texts are what is decoded for addresses, run or not. */
  command: z
    .array(
      z.strictObject({
        in: place,
        /** Of a query or form parameter, a header, or a path into JSON such as `a.b.0`. */
        name: z.string().optional(),
        /** Its first group that is there is the command. */
        pattern: pattern.optional(),
        /** A file is read: what stands there is its path. */
        kind: z.enum(['command', 'file']).default('command'),
        /** To be undone, one after another; `encodings.ts` has them. */
        encoding: z.array(z.enum(encodings)).default([]),
      }),
    )
    .default([]),
  /** What its code is to print to show that it runs, and whose MD5 it prints: `md5("phpunit")`; its first group. */
  proof: z.strictObject({ in: place, pattern }).optional(),
  /** Who runs it. */
  user: z.string().default('root'),
  reply: reply.default({ status: 200, headers: {}, body: '' }),
  /** Requests as they are seen, which tests send; lines end in line feeds, host and length are left out. */
  samples: z
    .array(
      z.strictObject({
        request: z.string(),
        command: z.string().optional(),
        proof: z.string().optional(),
      }),
    )
    .default([]),
});

const application = z.strictObject({
  application: z.string(),
  server: z.string().refine(isServerName),
  /** May be what the port shows to whoever looks around; others are only there for who exploits them. */
  face: z.boolean().default(false),
  pages: z.array(page).default([]),
  exploits: z.array(exploit).default([]),
});

export type Reply = z.infer<typeof reply>;
export type Page = z.infer<typeof page>;
export type Exploit = z.infer<typeof exploit>;
export type Application = Omit<z.infer<typeof application>, 'server'> & { readonly server: ServerName };

/** What YAML and its check take, 12 MB, stays with the process: decoys use `readApart`. @throws Error with the file's name where one is not as it should be */
export function readApplications(folder: string): readonly Application[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const parsed = application.safeParse(parse(readFileSync(join(folder, name), 'utf8')));
      if (!parsed.success) throw new Error(`${name}: ${z.prettifyError(parsed.error)}`);
      return parsed.data as Application;
    });
}
