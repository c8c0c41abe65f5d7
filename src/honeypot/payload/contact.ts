/**
 * Whom a command contacts: hosts that it is told to fetch from, connect to, log in to or mine for. Told by their place
 * on the command line, so that patterns, file names and firewall rules do not count. Source: the programs' manual
 * pages and usage texts, 2026-11.
 */
import type { Command } from '../../indicator/shell.ts';
import { withoutBox } from '../../indicator/shell-output.ts';
import { programName } from '../../indicator/shell-unwrap.ts';
import { type OptionGrammar, optionOf, readOptions } from './options.ts';
import { type Place, placeOf, placesIn } from './place.ts';

/** Where the hosts of a program stand. */
interface Client extends OptionGrammar {
  /** Which operands are places, and how they are written; `copy` is `[USER@]HOST:PATH`. */
  readonly operands?: 'all' | 'first';
  readonly as?: 'host' | 'page' | 'copy';
  /** Options whose value is a host. */
  readonly hosts?: readonly string[];
  /** Options whose value may name pages that are not asked: who one claims to be, and where one claims to come from. */
  readonly claims?: readonly string[];
}

const curl: Client = {
  short: 'AbcCdDeEFhHKmoPQrtTuUwxXYyz',
  long: (
    '--user-agent --cookie --cookie-jar --data --data-raw --data-binary --data-urlencode --form --header --output ' +
    '--output-dir --proxy --preproxy --socks4 --socks5 --socks5-hostname --referer --request --user --upload-file ' +
    '--url --url-query --write-out --max-time --connect-timeout --retry --retry-delay --cacert --cert --key ' +
    '--resolve --connect-to --interface --unix-socket --config --range --limit-rate'
  ).split(' '),
  operands: 'all',
  as: 'page',
  hosts: ['-x', '--proxy', '--preproxy', '--socks4', '--socks5', '--socks5-hostname', '--url'],
  claims: ['-A', '-e', '-H', '--user-agent', '--referer', '--header'],
};

const wget: Client = {
  short: 'aABDeiIlOoPQRtTUwX',
  long: (
    '--output-document --output-file --directory-prefix --user-agent --header --referer --post-data --post-file ' +
    '--body-data --method --timeout --tries --user --password --input-file --execute --wait --ca-certificate'
  ).split(' '),
  operands: 'all',
  as: 'page',
  claims: ['-U', '--user-agent', '--referer', '--header'],
};

const connection: Client = { short: 'ceGgIiOopqsTVwWXx', operands: 'first', as: 'host', hosts: ['-x'] };
const login: Client = {
  short: 'bBcDEeFIiJLlmOopQRSWw',
  own: 1,
  late: true,
  operands: 'first',
  as: 'host',
  hosts: ['-J', '-W'],
};
const copy: Client = { short: 'cDFiJloPSXe', operands: 'all', as: 'copy' };
const database: Client = {
  short: 'hpPuUadDcfn',
  long: ['--host', '--port', '--user', '--username'],
  hosts: ['-h', '--host'],
};

const clients: Readonly<Record<string, Client>> = {
  curl,
  ...named('wget wget2', wget),
  ...named('aria2c axel', { short: 'dionsxjkU', operands: 'all', as: 'page' }),
  ...named('fetch lynx links elinks w3m http https xh GET HEAD POST lwp-request lwp-mirror lwp-download', {
    short: 'oTm',
    operands: 'all',
    as: 'page',
  }),
  ...named('nc ncat netcat nc.traditional nc.openbsd telnet ztcp', connection),
  ...named('ssh mosh', login),
  autossh: { ...login, short: `${login.short}M` },
  sftp: { short: 'bBcDFiJloPRSs', operands: 'first', as: 'host' },
  ...named('scp rsync git mount smbclient', copy),
  ...named('ftp lftp ncftpget', { short: 'oupPNe', operands: 'first', as: 'host' }),
  tftp: { short: 'rlbm', operands: 'first', as: 'host' },
  ftpget: { short: 'upP', operands: 'first', as: 'host' },
  ...named('ping ping6 traceroute ntpdate rdate', { short: 'cinsWwtIQpm', operands: 'first', as: 'host' }),
  ...named('dig drill host nslookup ssh-keyscan', { short: 'tpbcfkqyNRW', operands: 'all', as: 'host' }),
  ...named('redis-cli mysql mysqldump psql mongo mongosh', database),
  ...named('docker docker-compose podman', {
    short: 'H',
    long: ['--host'],
    own: 0,
    late: true,
    hosts: ['-H', '--host'],
  }),
  ...named('kubectl helm', { short: 's', long: ['--server'], own: 0, late: true, hosts: ['-s', '--server'] }),
  etcdctl: { short: '', long: ['--endpoints'], hosts: ['--endpoints'] },
};

function named(names: string, client: Client): Readonly<Record<string, Client>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, client]));
}

/** Programs whose arguments are patterns, rules or names of processes: who is named there is not contacted. */
const mentioning: ReadonlySet<string> = new Set(
  (
    'grep egrep fgrep zgrep rg ag pgrep pkill killall kill sed cut tr sort uniq iptables ip6tables iptables-restore ' +
    'nft ufw firewall-cmd ipset route ip ifconfig netstat ss lsof fuser find locate test [ [[ expr case history ' +
    'masscan zmap pnscan nmap'
  ).split(' '),
);

/** Programs that only pass text on: a URL in it is told, a name is not contacted. */
const texts: ReadonlySet<string> = new Set(
  'echo printf cat tee awk gawk mawk set alias unset chmod chown chattr rm mkdir touch ls cp mv ln tar'.split(
    ' ',
  ),
);

/** Whether hosts in a command's words are mentioned only. */
export function mentionsOnly(command: Pick<Command, 'words'>): boolean {
  return mentioning.has(programName(withoutBox(command.words)[0]));
}

/** The words of a command whose hosts are not contacted. */
export function mentionedIn(command: Pick<Command, 'words'>): readonly string[] {
  const words = withoutBox(command.words);
  if (programName(words[0]) === 'sed')
    return words.map((word) => replacementsIn(word).reduce((rest, one) => rest.replace(one, () => ''), word));
  if (mentionsOnly(command)) return words;
  const client = clientOf(programName(words[0]));
  if (client?.claims === undefined) return [];
  const { options } = readOptions(words.slice(1), client);
  return options.flatMap(([name, value]) =>
    client.claims?.includes(name) ? [value, `${name}=${value}`] : [],
  );
}

/** What a command writes into files by its own words, and contacts nobody by: the replacements of `sed`. */
export function writtenBy(command: Pick<Command, 'words'>): readonly string[] {
  const words = withoutBox(command.words);
  return programName(words[0]) === 'sed' ? words.slice(1, 50).flatMap(replacementsIn) : [];
}

/** `NEW` of `s/OLD/NEW/` and `1,5s#OLD#NEW#g;…`. */
function replacementsIn(script: string): readonly string[] {
  const found: string[] = [];
  const begin = /(?:^|[;{}\n/\d$]\s{0,5})s([^\w\s\\;])/g;
  for (let match = begin.exec(script); match !== null && found.length < 50; match = begin.exec(script)) {
    const middle = delimiterAt(script, begin.lastIndex, match[1]!);
    const end = middle < 0 ? -1 : delimiterAt(script, middle + 1, match[1]!);
    if (end < 0) break;
    if (end > middle + 1) found.push(script.slice(middle + 1, end));
    begin.lastIndex = end + 1;
  }
  return found;
}

/** @returns -1 where there is none that is not escaped */
function delimiterAt(script: string, from: number, delimiter: string): number {
  for (let at = from; at < script.length; at += 1) {
    if (script[at] === '\\') at += 1;
    else if (script[at] === delimiter) return at;
  }
  return -1;
}

/** Whether a program fetches what it is told the address of; attackers give curl and wget other names. */
export function isDownloader(name: string): boolean {
  return clientOf(name)?.as === 'page' || name === 'tftp' || name === 'ftpget';
}

/** @param command without wrappers; not one that `mentionsOnly` */
export function contactsOf(command: Pick<Command, 'words' | 'redirects' | 'assignments'>): readonly Place[] {
  const words = withoutBox(command.words);
  const name = programName(words[0]);
  const places: Place[] = [];
  const add = (place: Place | undefined): void => {
    if (place !== undefined) places.push(place);
  };
  const client = clientOf(name);
  if (client !== undefined) for (const place of ofClient(words.slice(1), client)) add(place);
  for (const page of pageOf(name, words.slice(1))) places.push(page);
  const claims = mentionedIn(command);
  for (const word of words) {
    if (claims.includes(word)) continue;
    for (const place of placesIn(word)) places.push(place);
    for (const place of devicesIn(word)) places.push(place);
  }
  // An image's own program is not named: `["--url=HOST:PORT", "-k"]`.
  const args = words[0]?.startsWith('-') ? words : words.slice(1);
  if (!texts.has(name)) for (const word of args) add(endpointOf(word) ?? fileOf(word));
  if (name === 'socat') for (const word of words) add(socatPeer(word));
  if (startsOwn(words)) for (const [at, word] of words.entries()) add(peerOf(word, words[at + 1]));
  add(masterOf(words));
  for (const { target } of command.redirects) for (const place of devicesIn(target)) places.push(place);
  for (const [variable, value] of [...Object.entries(command.assignments), ...exported(name, words)]) {
    for (const place of placesIn(value)) places.push(place);
    add(endpointOf(value) ?? (addressed.test(variable) ? placeOf(value, 'host') : undefined));
  }
  return places;
}

/** `export C2=192.0.2.1`. */
function exported(name: string, words: readonly string[]): (readonly [variable: string, value: string])[] {
  if (name !== 'export' && name !== 'declare') return [];
  return words
    .slice(1, 50)
    .map((word) => [word.slice(0, Math.max(0, word.indexOf('='))), word.slice(word.indexOf('=') + 1)]);
}

/** Variables that hold a host for a later stage: `C2=192.0.2.1`. */
const addressed = /host|addr|server|domain|remote|proxy|pool|^c2|(?:^|_)ip$|_ip_/i;

function clientOf(name: string): Client | undefined {
  if (Object.hasOwn(clients, name)) return clients[name];
  if (/^[\w.-]{0,20}curl[\w.-]{0,20}$|^cd[1-9lt]$|^cur[1l]?$/i.test(name)) return curl;
  return /^[\w.-]{0,20}wget[\w.-]{0,20}$|^wd[1-9lt]$|^wge$/i.test(name) ? wget : undefined;
}

function* ofClient(args: readonly string[], client: Client): Generator<Place | undefined> {
  const read = readOptions(args, client);
  for (const [option, value] of read.options) {
    if (client.hosts?.includes(option))
      for (const part of value.split(',')) yield placeOf(part.replace(/^[a-z0-9]+:\/\//, ''), 'host');
    const instead = elsewhere[option]?.exec(value)?.[1];
    if (instead !== undefined) yield placeOf(instead, 'host');
  }
  const places =
    client.operands === 'all' ? read.operands : client.operands === 'first' ? read.operands.slice(0, 1) : [];
  for (const operand of places) {
    if (operand.includes('://')) continue;
    if (client.as === 'copy') yield copyPeer(operand);
    else if (client.as === 'page') yield placeOf(operand, 'page');
    else yield placeOf(operand.replace(/^@|:(?=[/~.]).*$/gs, ''), 'host');
  }
}

/** Options of curl that lead a name to another host: `--resolve NAME:PORT:ADDRESS`, `--connect-to NAME:PORT:HOST:PORT`. */
const elsewhere: Readonly<Record<string, RegExp>> = {
  '--resolve': /^[+-]?[^:]{0,253}:\d{1,5}:\[?([^\],]{1,253})/,
  '--connect-to': /^[^:]{0,253}:\d{0,5}:([^:]{1,253})/,
};

/** `USER@HOST:PATH`, `//HOST/SHARE`. */
function copyPeer(operand: string): Place | undefined {
  const host = /^(?:(?:[^@\s/:]{1,64}@)?([\w.-]{1,253}|\[[\da-fA-F:]{2,45}\]):|\/\/([\w.-]{1,253})\/)/
    .exec(operand)
    ?.slice(1)
    .find(Boolean);
  return host === undefined ? undefined : placeOf(host, 'host');
}

/** `tftp -g -r FILE HOST`, `tftp HOST -c get FILE`, `ftpget HOST LOCAL REMOTE`: the file as a URL. */
function* pageOf(name: string, args: readonly string[]): Generator<Place> {
  if (name !== 'tftp' && name !== 'ftpget') return;
  const { operands, options } = readOptions(args, clients[name] ?? { short: '' });
  const get = operands.indexOf('get');
  const file =
    name === 'ftpget'
      ? (operands[2] ?? operands[1])
      : (optionOf(options, '-r') ?? (get < 0 ? undefined : operands[get + 1]));
  const scheme = name === 'tftp' ? 'tftp' : 'ftp';
  if (operands[0] !== undefined && file !== undefined)
    yield* placesIn(`${scheme}://${operands[0]}/${file.replace(/^\//, '')}`);
}

/** `/dev/tcp/HOST/PORT` of bash, `/inet/tcp/0/HOST/PORT` of gawk. */
export function* devicesIn(text: string): Generator<Place> {
  if (!text.includes('/tcp/') && !text.includes('/udp/')) return;
  for (const match of text.matchAll(
    /\/(?:dev\/(?:tcp|udp)|inet\/(?:tcp|udp)\/\d{1,5})\/([^\s/'"$]{1,253})\/[\d$]/g,
  )) {
    const place = placeOf(match[1] ?? '', 'host');
    if (place !== undefined) yield place;
  }
}

/** `HOST:PORT` and nothing else, also behind the name of an option or variable; the port may be a variable. */
export function endpointOf(word: string): Place | undefined {
  const found = /^(?:-{0,2}[\w.-]{1,64}=|-o)?([\w.-]{4,253}):(\d{2,5}|\$\{?\w{1,64}\}?)$/.exec(word);
  if (found === null) return undefined;
  const [, host = '', port = ''] = found;
  return placeOf(`${host}:${port.startsWith('$') ? 1 : port}`, 'name');
}

/** `ADDRESS/FILE` or `ADDRESS:PORT/FILE`, which is no network: whatever the program, it is a page that is fetched. */
function fileOf(word: string): Place | undefined {
  return /^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\/(?!\d{1,3}$)\S/.test(word)
    ? placeOf(word, 'page')
    : undefined;
}

/** `tcp:HOST:PORT,fork`, `openssl-connect:HOST:PORT`, `socks4a:PROXY:HOST:PORT`. */
function socatPeer(word: string): Place | undefined {
  const host =
    /^(?:tcp[46]?|udp[46]?|sctp[46]?|openssl|ssl|socks4a?|socks5|proxy)(?:-connect)?:(\[[\da-fA-F:]{2,45}\]|[^:\s,]{4,253}):/i.exec(
      word,
    )?.[1];
  return host === undefined ? undefined : placeOf(host, 'host');
}

/** A program that was brought along, or a script: hosts behind it are where it goes. */
function startsOwn([program = '', script = '']: readonly string[]): boolean {
  if (/^(?:python|perl|ruby|php|node|(?:ba|da|a|k|z)?sh)[\d.]*$/.test(program))
    return !script.startsWith('-');
  return /^\.{0,2}\/(?!(?:usr\/|s?bin\/))/.test(program);
}

/** A bare address, or a name in front of a port. */
function peerOf(word: string, next: string | undefined): Place | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(word)) return placeOf(word, 'host');
  return next !== undefined && /^\d{2,5}$/.test(next) ? endpointOf(`${word}:${next}`) : undefined;
}

/** `SLAVEOF HOST PORT`, `REPLICAOF HOST PORT`, `CLUSTER MEET HOST PORT` of Redis. */
function masterOf(words: readonly string[]): Place | undefined {
  const at = words.findIndex((word) => /^(?:slaveof|replicaof|meet|migrate)$/i.test(word));
  const host = at < 0 || !/^\d{1,5}$/.test(words[at + 2] ?? '') ? undefined : words[at + 1];
  return host === undefined ? undefined : placeOf(host, 'host');
}
