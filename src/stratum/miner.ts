/**
 * What a command line or configuration says about mining: where to, for whom, with what. The same facts whether they
 * stand behind options, in JSON or in a batch file; how much of it is verified decides how much it weighs.
 */
import { type MinerUser, parseMinerUser } from '../indicator/wallet.ts';
import { parseAlgorithm } from './algorithm.ts';
import { type PoolUrl, parsePoolUrl } from './pool-url.ts';

export interface MinerUse {
  /** `xmrig`; `unknown` where neither name nor options tell. */
  readonly family: string;
  readonly pool?: PoolUrl;
  /** Where to is only known when it runs: `-o $POOL`. */
  readonly isPoolComputed?: true;
  /** Set where the user field is a wallet with a valid form. */
  readonly user?: MinerUser;
  /** Something stands in the user field, be it a variable. */
  readonly hasLogin?: true;
  /** An e-mail address in the user field, as pools take that keep accounts. */
  readonly account?: string;
  /** What fetches or builds the program. */
  readonly isFetched?: true;
  readonly algorithm?: string;
  /** As named to the miner; proves nothing without a pool. */
  readonly coin?: string;
  /** Percent. */
  readonly donateLevel?: number;
  /** What was recognised, in words. */
  readonly why: readonly string[];
}

/** A use in a text. */
export interface FoundUse extends MinerUse {
  /** Of the setting or option that it begins with, in UTF-16 units. */
  readonly offset: number;
  /** Pool and user stand in one command or object, or a few lines apart; in a long list they are strangers. */
  readonly isTogether: boolean;
}

/** Facts as they are collected, one setting after the other. */
export interface MinerDraft {
  family?: string;
  pool?: PoolUrl;
  isPoolComputed?: boolean;
  login?: string;
  user?: MinerUser;
  algorithm?: string;
  coin?: string;
  donateLevel?: number;
  worker?: string;
}

/** What a setting means; each miner has its own names for the same few things. */
export type Meaning = 'pool' | 'user' | 'worker' | 'algorithm' | 'coin' | 'donate' | 'password';

/** Takes one setting. Returns false where the value does not fit the meaning: then the setting is something else. */
export function addSetting(draft: MinerDraft, meaning: Meaning, value: string): boolean {
  switch (meaning) {
    case 'pool': {
      const pool = parsePoolUrl(value);
      if (pool === undefined) return false;
      draft.pool ??= pool;
      if (pool.user !== undefined) addSetting(draft, 'user', pool.user.replace(/:[^:]*$/, ''));
      return true;
    }
    case 'user': {
      const user = parseMinerUser(value);
      // A pool refuses an address with a wrong checksum.
      if (user !== undefined || !moneroLike.test(value)) draft.login ??= value.slice(0, 256);
      if (user !== undefined) draft.user ??= user;
      return user !== undefined;
    }
    case 'algorithm': {
      const algorithm = parseAlgorithm(value);
      if (algorithm !== undefined) draft.algorithm ??= algorithm;
      return algorithm !== undefined;
    }
    case 'coin': {
      const coin = value.toLowerCase();
      if (coins.has(coin)) draft.coin ??= coin;
      return coins.has(coin);
    }
    case 'donate': {
      const level = /^\d{1,3}(?:\.\d{1,2})?$/.test(value) ? Number(value) : undefined;
      if (level === undefined || level > 100) return false;
      draft.donateLevel ??= level;
      return true;
    }
    case 'worker':
      if (/^[\w.-]{1,64}$/.test(value)) draft.worker ??= value;
      return true;
    case 'password':
      return true;
  }
}

/** Coins that miners take by name in place of an algorithm. */
const coins = new Set(
  'monero xmr arqma arq dero keva kevacoin graft loki wownero wow ravencoin rvn ethereum eth etc zephyr zeph salvium sal aeon ergo erg kaspa kas conceal ccx haven xhv sumokoin bittube raptoreum rtm tari xtm'.split(
    ' ',
  ),
);

const moneroLike = /^[48][0-9A-Za-z]{94}/;
const email = /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}$/;

/** The draft as facts, with reasons; undefined where too little came together to speak of mining. */
export function finishUse(draft: MinerDraft, named: boolean): MinerUse | undefined {
  const { pool, algorithm, donateLevel, login } = draft;
  const isPoolComputed = pool === undefined && draft.isPoolComputed === true;
  const account = login !== undefined && email.test(login) ? login.toLowerCase() : undefined;
  const user =
    draft.user !== undefined && draft.user.worker === undefined && draft.worker !== undefined
      ? { ...draft.user, worker: draft.worker }
      : draft.user;
  const why: string[] = [];
  if (named) why.push('program ' + draft.family);
  if (pool !== undefined)
    why.push((pool.explicit ? 'mining protocol ' : pool.listed ? 'pool ' : 'endpoint ') + pool.url);
  if (isPoolComputed) why.push('pool from a variable');
  if (user !== undefined)
    why.push(user.wallet.coin + ' wallet' + (user.wallet.verified ? ' with valid checksum' : ''));
  else if (account !== undefined) why.push('account ' + account);
  if (algorithm !== undefined) why.push('algorithm ' + algorithm);
  if (draft.coin !== undefined) why.push('coin ' + draft.coin);
  if (donateLevel !== undefined) why.push('donate level ' + donateLevel);
  const mining =
    named ||
    pool?.explicit === true ||
    (user?.wallet.verified === true &&
      (isPoolComputed || (pool ?? algorithm ?? donateLevel) !== undefined)) ||
    (pool?.listed === true && login !== undefined) ||
    (donateLevel !== undefined && (pool ?? algorithm) !== undefined) ||
    (pool !== undefined && algorithm !== undefined && login !== undefined);
  if (!mining) return undefined;
  return {
    family: draft.family ?? 'unknown',
    why,
    ...(pool === undefined ? {} : { pool }),
    ...(isPoolComputed ? { isPoolComputed } : {}),
    ...(user === undefined ? {} : { user }),
    ...(login === undefined ? {} : { hasLogin: true }),
    ...(account === undefined ? {} : { account }),
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(draft.coin === undefined ? {} : { coin: draft.coin }),
    ...(donateLevel === undefined ? {} : { donateLevel }),
  };
}

/**
 * 0..0.85: how sure it is that this mines for somebody, by how much is verified. A text is never more by itself;
 * a start path makes it conclusive.
 */
export function confidenceOf(use: MinerUse): number {
  const wallet = use.user?.wallet.verified === true;
  const pool = use.pool?.public === true;
  const more = use.algorithm !== undefined || use.donateLevel !== undefined || use.family !== 'unknown';
  if (wallet && pool) return more || use.coin !== undefined || use.pool?.explicit ? 0.85 : 0.75;
  if (wallet && use.pool !== undefined) return 0.75;
  if (use.pool?.listed && use.hasLogin) return 0.65;
  if (use.pool?.explicit && pool) return use.user !== undefined || more ? 0.65 : 0.4;
  if (wallet && use.isPoolComputed) return 0.65;
  if (use.family !== 'unknown' && (use.account !== undefined || use.isFetched)) return 0.6;
  if (use.family !== 'unknown' && use.isPoolComputed && use.hasLogin) return 0.6;
  if (pool && more) return 0.6;
  if (wallet && more) return 0.6;
  return use.pool !== undefined || more ? 0.4 : 0.2;
}
