/**
 * When domains were registered, by RDAP, where the operator allows to ask: a host that an image starts to talk to is
 * more telling when its domain is days old. Only registries of domains are asked, never the hosts themselves, and
 * of each domain only once; what fails to answer stays unknown.
 * RFC 9082 (queries), RFC 9083 (answers), RFC 9224 (which server knows which top-level domain).
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { guardAddresses, isLoopbackHost } from '../image/registry/address.ts';
import { discard, readWhole } from '../image/registry/body.ts';
import { openConnections } from '../image/registry/exchange.ts';
import { defaultLimits } from '../image/registry/limits.ts';
import { messageOf, WaterguardError } from '../model/error.ts';
import { shrink } from './cache/folder.ts';
import { readSealed, writeSealed } from './cache/sealed-file.ts';

/** IANA's list of RDAP servers by top-level domain (read 2026-11). */
export const ianaBootstrap = 'https://data.iana.org/rdap/dns.json';

/** Domains asked about for one target, so many at once; milliseconds for one of them, and for all. */
const most = { domains: 50, atOnce: 4, oneMs: 10_000, allMs: 60_000 } as const;

const limits = { ...defaultLimits, answerMs: most.oneMs, idleMs: most.oneMs, wholeMs: most.oneMs };
const bodyBytes = 4 * 1024 * 1024;
const redirects = 3;

/** Servers move rarely; a domain that lapses, or that nobody has, may have a new owner soon. */
const day = 86_400_000;
const fresh = { servers: 7 * day, registered: 30 * day, unknown: day } as const;

/** Of what is kept; an answer is some 60 bytes. */
const folderSize = { bytes: 16 * 1024 * 1024, files: 20_000 } as const;

const bootstrapFile = z.object({ services: z.array(z.tuple([z.array(z.string()), z.array(z.string())])) });
const domainAnswer = z.object({
  events: z.array(z.object({ eventAction: z.string(), eventDate: z.string() })).optional(),
});
const remembered = z.object({ asked: z.number(), registered: z.string().nullable() });

export interface Registrations {
  /**
   * @param domains registered domains, ASCII; the first 50 are asked about
   * @returns those whose date is known
   */
  ask(domains: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Date>>;
  /** What went wrong, in words, once each. */
  readonly problems: ReadonlySet<string>;
  close(): void;
}

export interface RegistrationOptions {
  /** Where the list of servers is; servers on loopback are asked only where it is there itself. */
  readonly bootstrap: string;
  /** Where answers are kept; absent for none. */
  readonly folder?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
}

/** @throws WaterguardError `usage` for a bootstrap that is no URL */
export function openRegistrations({ bootstrap, folder, env, now }: RegistrationOptions): Registrations {
  const home = URL.parse(bootstrap);
  if (home === null || !/^https?:$/.test(home.protocol))
    throw new WaterguardError('usage', `'${bootstrap}' is not the URL of a list of RDAP servers`);
  const connections = openConnections(
    guardAddresses(home.hostname),
    isLoopbackHost(home.hostname),
    env,
    limits,
  );
  const problems = new Set<string>();
  let servers: Promise<ReadonlyMap<string, string>> | undefined;

  /** @returns `undefined` where there is no such thing */
  async function fetchJson(start: URL, signal: AbortSignal): Promise<unknown> {
    let url = start;
    for (let hop = 0; hop <= redirects; hop++) {
      const headers = { accept: 'application/rdap+json, application/json' };
      const answer = await connections.exchange({ url, headers, signal });
      if (answer.status === 200)
        return JSON.parse((await readWhole(answer, bodyBytes, 'RDAP answer', limits)).toString());
      discard(answer);
      if (answer.status === 404) return undefined;
      const next = URL.parse(answer.headers.location ?? '', url.href);
      if (answer.status < 300 || answer.status > 399 || next === null)
        throw new WaterguardError('network', `${url.host} answered with status ${answer.status}`);
      url = next;
    }
    throw new WaterguardError('network', `${start.host} redirects without end`);
  }

  async function loadServers(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const path = placeOf('servers');
    const kept = path === undefined ? undefined : readSealed(path);
    const known =
      kept === undefined ? undefined : z.tuple([z.number(), bootstrapFile]).safeParse(parse(kept));
    if (known?.success === true && now().getTime() - known.data[0] < fresh.servers)
      return serversOf(known.data[1]);
    const file = bootstrapFile.parse(await fetchJson(home!, signal));
    if (path !== undefined) writeSealed(path, Buffer.from(JSON.stringify([now().getTime(), file])));
    return serversOf(file);
  }

  function placeOf(name: string): string | undefined {
    return folder === undefined ? undefined : join(folder, hash('sha256', `${bootstrap}\n${name}`));
  }

  function recall(domain: string): Date | 'unknown' | undefined {
    const path = placeOf(domain);
    const body = path === undefined ? undefined : readSealed(path);
    const read = body === undefined ? undefined : remembered.safeParse(parse(body)).data;
    if (read === undefined) return undefined;
    const age = now().getTime() - read.asked;
    if (read.registered === null) return age < fresh.unknown ? 'unknown' : undefined;
    return age < fresh.registered ? new Date(read.registered) : undefined;
  }

  async function askOne(domain: string, signal: AbortSignal): Promise<Date | undefined> {
    const known = recall(domain);
    if (known !== undefined) return known === 'unknown' ? undefined : known;
    servers ??= loadServers(signal);
    const server = serverFor(domain, await servers);
    if (server === undefined) return undefined;
    const answer = await fetchJson(new URL(`domain/${domain}`, server), signal);
    const registered = answer === undefined ? undefined : registrationIn(answer);
    const path = placeOf(domain);
    const kept = { asked: now().getTime(), registered: registered?.toISOString() ?? null };
    if (path !== undefined) writeSealed(path, Buffer.from(JSON.stringify(kept)));
    return registered;
  }

  return {
    problems,
    async ask(domains, stop) {
      const found = new Map<string, Date>();
      const waiting = [...new Set(domains)].slice(0, most.domains).values();
      const signal = AbortSignal.any([stop, AbortSignal.timeout(most.allMs)]);
      const work = async (): Promise<void> => {
        for (const domain of waiting) {
          if (signal.aborted) return;
          try {
            const registered = await askOne(domain, signal);
            if (registered !== undefined) found.set(domain, registered);
          } catch (error) {
            problems.add(signal.aborted ? 'it took too long' : messageOf(error));
          }
        }
      };
      await Promise.all(Array.from({ length: most.atOnce }, work));
      return found;
    },
    close() {
      connections.close();
      if (folder !== undefined) shrink(folder, folderSize.bytes, folderSize.files);
    },
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** By suffix; of several servers the first that is asked over TLS, as the RFC wants it. */
function serversOf({ services }: z.infer<typeof bootstrapFile>): ReadonlyMap<string, string> {
  const servers = new Map<string, string>();
  for (const [suffixes, urls] of services) {
    const url = urls.find((one) => one.startsWith('https:')) ?? urls[0];
    if (url === undefined || !URL.canParse(url)) continue;
    for (const suffix of suffixes) servers.set(suffix.toLowerCase(), url.endsWith('/') ? url : `${url}/`);
  }
  return servers;
}

/** The server of the longest suffix. */
function serverFor(domain: string, servers: ReadonlyMap<string, string>): string | undefined {
  const labels = domain.split('.');
  for (let at = 1; at < labels.length; at++) {
    const server = servers.get(labels.slice(at).join('.'));
    if (server !== undefined) return server;
  }
  return undefined;
}

function registrationIn(answer: unknown): Date | undefined {
  const events = domainAnswer.safeParse(answer).data?.events ?? [];
  const written = events.find((one) => one.eventAction === 'registration')?.eventDate ?? '';
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
