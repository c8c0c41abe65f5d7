/**
 * Domain names: one normal form (lower case, punycode, no trailing dot), checked against the public suffix list, and
 * told from what merely looks like one: file names, method calls, package names, examples.
 */
import { domainToASCII } from 'node:url';
import { parse } from 'tldts';

export interface Domain {
  /** Normal form of the whole name. */
  readonly host: string;
  /** The registered part by ICANN suffixes: `example.co.uk` for `a.example.co.uk`. */
  readonly registrable: string;
  /** Public suffix, those of private registries included: `duckdns.org` for `x.duckdns.org`. */
  readonly suffix: string;
}

/** Names for documentation and local use (RFC 2606, RFC 6761, RFC 6762, RFC 9476): never an indicator. */
const reserved =
  /(?:^|\.)(?:example(?:\.(?:com|net|org|edu))?|test|invalid|localhost|localdomain|local|internal|home\.arpa|in-addr\.arpa|ip6\.arpa|alt)$/;

/**
 * A name as it stands in a URL or behind an option, where nothing but a name can stand. Refuses single labels,
 * unknown suffixes, bare suffixes without a registered name, and reserved names. `.onion` names are accepted.
 */
export function parseDomain(text: string): Domain | undefined {
  if (text.length < 4 || text.length > 254) return undefined;
  const host = normalHost(text);
  if (host === undefined || reserved.test(host)) return undefined;
  if (host.endsWith('.onion')) return parseOnion(host);
  const found = parse(host, parseOptions);
  if (!found.isIcann || found.domain === null) return undefined;
  const suffix = parse(host, { ...parseOptions, allowPrivateDomains: true }).publicSuffix;
  return { host, registrable: found.domain, suffix: suffix ?? found.publicSuffix ?? '' };
}

/** Names by which a machine or cluster calls itself or its neighbours: they lead nowhere else. */
const local = /(?:^|\.)(?:localhost|localdomain|local|svc|default|arpa)$/;

/**
 * A name that somebody was told to contact, whatever it ends in: as `parseDomain`, and names of other roots (`.bit`)
 * and reserved ones. Refuses single labels and those of the machine itself (`localhost`, `kubernetes.default.svc`).
 */
export function parseContactedDomain(text: string): Domain | undefined {
  const known = parseDomain(text);
  if (known !== undefined || text.length > 254) return known;
  const host = normalHost(text);
  if (host === undefined || local.test(host)) return undefined;
  const labels = host.split('.');
  return { host, registrable: labels.slice(-2).join('.'), suffix: labels.at(-1) ?? '' };
}

/**
 * A name that stands bare in text. As `parseDomain`, and refuses what is more often something else: `install.sh`,
 * `libc.so`, `self.name`. With a port behind it (`pool.sh:3333`) nothing is refused.
 */
export function parseBareDomain(text: string, hasPort: boolean): Domain | undefined {
  const domain = parseDomain(text);
  if (domain === undefined || hasPort || text.startsWith('www.')) return domain;
  const last = domain.host.slice(domain.host.lastIndexOf('.') + 1);
  if (fileEndings.has(last) || /[A-Z]/.test(text)) return undefined;
  if (identifierEndings.has(last) && domain.host.split('.').length < 3) return undefined;
  return domain;
}

const parseOptions = { extractHostname: false, mixedInputs: false, validateHostname: false, detectIp: false };

function normalHost(text: string): string | undefined {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  if (!bare.includes('.')) return undefined;
  const ascii = /^[\x21-\x7e]+$/.test(bare) ? bare.toLowerCase() : domainToASCII(bare);
  return isHostName(ascii) ? ascii : undefined;
}

/** Labels of letters, digits, hyphens and (for services) underscores, 1 to 63 long; the last not a number. */
function isHostName(host: string): boolean {
  if (host.length > 253) return false;
  const labels = host.split('.');
  for (const label of labels) if (!/^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?$/.test(label)) return false;
  return /[a-z]/.test(labels.at(-1) ?? '');
}

/** Version 3 onion addresses have 56 characters, version 2 had 16 (Tor rend-spec). */
function parseOnion(host: string): Domain | undefined {
  const name = host.split('.').at(-2) ?? '';
  if (!/^(?:[a-z2-7]{56}|[a-z2-7]{16})$/.test(name)) return undefined;
  return { host, registrable: name + '.onion', suffix: 'onion' };
}

/** Country and other endings that are file endings as well. */
const fileEndings = new Set(
  (
    'ac ad ai am app as bar bin bz cab cat cc cfd cgi cl cpa cpp cx date dev do doc docs ds fm foo gdn gl gn gp gs hk ' +
    'id in inc info java js kt la lib link lk map md mk ml mm mo mobi mov ms mt np nc new now pa pd ph pk pl pm pn ' +
    'post pr prof properties ps pub pw py rs run sc sh so sql sr ss st sy tar tc td tex tf tk tm tn top txt va vi wiki ' +
    'ws xml xsl zip zone'
  ).split(' '),
);

/** Endings that are common attributes and methods in programs. */
const identifierEndings = new Set(
  (
    'name id is it to in as at be by me my no so us call call cat chat click codes color data date dev direct email ' +
    'exchange fail fit fun game group help host hosting house ink int item live link lol map media menu moe money ' +
    'network next one open page parts ping place plus pro protection read save search security select services show ' +
    'site size social software space stream style support system tab tech tel to today tools total trade type watch ' +
    'web win work works world zone store team'
  ).split(' '),
);
