/**
 * Miner configurations of any syntax: JSON with comments and trailing commas (xmrig, cgminer, t-rex, SRBMiner),
 * xmr-stak's `pools.txt`, INI and key=value (nanominer, lolMiner), `.env`, YAML, argument lists in any of them, batch
 * files. All of them are names followed by values, so one reader takes them all and no parser has to trust them.
 */
import { addSetting, type FoundUse, finishUse, type Meaning, type MinerDraft } from './miner.ts';
import { minerCommand } from './miner-command.ts';
import { minerFamily } from './miner-family.ts';
import { namedValues, valueNamed } from './named-values.ts';
import { qubicSettings } from './qubic.ts';

/** Text behind this many characters is not read. */
export const maxConfig = 1 << 20;
const maxUses = 50;
/** Options that may begin a command, tried in one text. */
const maxTries = 2000;

/** What a text configures, one use per pool, at most 50. */
export function minerConfig(text: string): FoundUse[] {
  const bounded = text.length > maxConfig ? text.slice(0, maxConfig) : text;
  const named = namedValues(bounded);
  const uses = [...fromSettings(bounded, named), ...fromWords(bounded, named), ...qubicSettings(bounded)];
  const seen = new Set<string>();
  return uses.filter((use) => {
    const key = (use.pool?.url ?? '') + ' ' + (use.user?.wallet.address ?? '');
    return !seen.has(key) && seen.add(key);
  });
}

/** Names of settings without case, hyphens, underscores and a number at the end. */
const settings: Readonly<Record<string, Meaning>> = {
  url: 'pool',
  pool: 'pool',
  pooladdress: 'pool',
  poolurl: 'pool',
  poolhost: 'pool',
  stratum: 'pool',
  stratumurl: 'pool',
  xmrigpool: 'pool',
  miningpool: 'pool',
  minerpool: 'pool',
  user: 'user',
  username: 'user',
  wallet: 'user',
  walletaddress: 'user',
  poolwallet: 'user',
  walletid: 'user',
  xmrwallet: 'user',
  monerowallet: 'user',
  mineraddress: 'user',
  minerwallet: 'user',
  payoutaddress: 'user',
  pooluser: 'user',
  miningaddress: 'user',
  miningwallet: 'user',
  xmrigwallet: 'user',
  xmriguser: 'user',
  xmrigurl: 'pool',
  pass: 'password',
  password: 'password',
  poolpassword: 'password',
  worker: 'worker',
  workername: 'worker',
  rigid: 'worker',
  rigname: 'worker',
  workerid: 'worker',
  algo: 'algorithm',
  algorithm: 'algorithm',
  coin: 'coin',
  currency: 'coin',
  donatelevel: 'donate',
  donate: 'donate',
  xmrigdonatelevel: 'donate',
  xmrigalgo: 'algorithm',
  xmrigcoin: 'coin',
};

/** Every quantifier is bounded, so that the cost is linear in the text. */
const setting =
  /([A-Za-z][A-Za-z0-9_-]{1,40})["']?[ \t]{0,8}[:=][ \t\r\n]{0,8}("(?:[^"\\\n]|\\.){1,512}"|'[^'\n]{1,512}'|[^\s"',;{}[\]#<>]{1,512})/g;

/** Longest way between the pool and the user of one object, in characters. */
const together = 1024;

/** A pool that follows a complete one begins a new use: so lists of pools are told apart. */
function fromSettings(text: string, named: ReadonlyMap<string, string>): FoundUse[] {
  const uses: FoundUse[] = [];
  const shared: MinerDraft = {};
  let draft: MinerDraft = {};
  let offset = 0;
  let end = 0;
  const finish = (): void => {
    const use = finishUse({ ...shared, ...draft }, false);
    if (use !== undefined && uses.length < maxUses)
      uses.push({ ...use, offset, isTogether: end - offset <= together });
    draft = {};
  };
  for (const match of text.matchAll(setting)) {
    const name = match[1]!.toLowerCase().replace(/[-_]|\d$/g, '');
    const meaning = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (meaning === undefined) continue;
    const repeated = (meaning === 'pool' && draft.pool) || (meaning === 'user' && draft.user);
    const before = draft;
    if (repeated) draft = {};
    const fits = addSetting(draft, meaning, valueNamed(unquote(match[2]!), named));
    if (repeated && !fits) draft = before;
    if (repeated && fits) {
      const next = draft;
      draft = before;
      finish();
      draft = next;
    }
    if (fits && (meaning === 'pool' || meaning === 'user') && (!draft.pool || !draft.user))
      offset = match.index;
    if (fits && (meaning === 'pool' || meaning === 'user')) end = match.index;
    // The donate level of xmrig, and an algorithm outside the list, hold for all pools.
    if (draft.donateLevel !== undefined) shared.donateLevel = draft.donateLevel;
  }
  finish();
  return uses;
}

function unquote(value: string): string {
  if (value[0] === "'") return value.slice(1, -1);
  if (value[0] !== '"') return value;
  return value
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_all, code: string | undefined, other: string) =>
      code === undefined ? other : String.fromCharCode(Number.parseInt(code, 16)),
    );
}

const option = '(?:-o|-u|-P|-s|--?(?:url|pool|server|user|wal|wallet|epool|ewal|stratum)1?)';
const poolOption = new RegExp(`^${option}(?:=|$)`);
/** The same without taking the text apart, which most texts do not get past. */
const poolOptionInText = new RegExp(`(?:^|[\\s"'\`,;|&[\\]{}()<>])${option}(?:[=\\s"'\`,;|&[\\]{}()<>]|$)`);

/** What stands between words where a language joins strings, continues a line or begins a list entry. */
const joints = new Set(['-', '^', '\\', '+', '.', '$', '%', '\\n']);

/**
 * Options wherever they stand: `args: ["-o", "pool:3333"]`, a YAML list, `CMD [...]`, a batch file, a call such as
 * `Popen(["./x", "-o", POOL])`. A use begins with an option for the pool or the user and takes the words near it.
 */
function fromWords(text: string, named: ReadonlyMap<string, string>): FoundUse[] {
  const uses: FoundUse[] = [];
  if (!poolOptionInText.test(text)) return uses;
  const words: { readonly text: string; readonly offset: number }[] = [];
  for (const match of text.matchAll(/[^\s"'`,;|&[\]{}()<>]{1,600}/g)) {
    if (!joints.has(match[0])) words.push({ text: match[0], offset: match.index });
  }
  let tries = maxTries;
  for (let at = 0; at < words.length && uses.length < maxUses && tries > 0; at++) {
    if (!poolOption.test(words[at]!.text)) continue;
    tries--;
    const start = Math.max(0, at - 12);
    const near = words.slice(start, at + 32).map((word) => valueNamed(word.text, named));
    const program = near.slice(0, at - start).findLast((word) => minerFamily(word) !== undefined) ?? '';
    const use = minerCommand([program, ...near]);
    // A name and an option alone are no configuration: `ps aux | grep -v xmrig -o x`.
    if (use === undefined || (use.pool ?? use.user) === undefined) continue;
    uses.push({ ...use, offset: words[at]!.offset, isTogether: true });
    at += 16;
  }
  return uses;
}
