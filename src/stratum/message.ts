/**
 * The JSON-RPC lines that a miner sends to its pool, as far as they tell who mines where: log-in and subscription.
 * Stratum v1 (Bitcoin kin), EthProxy and EthereumStratum, and the CryptoNote dialect of xmrig and xmr-stak.
 */
import { type MinerUser, parseMinerUser } from '../indicator/wallet.ts';

export interface StratumMessage {
  readonly dialect: 'stratum' | 'ethproxy' | 'ethereum-stratum' | 'cryptonote';
  readonly method: string;
  /** Log-in name as sent. */
  readonly login?: string;
  readonly user?: MinerUser;
  /** Program and version as the miner states it. */
  readonly agent?: string;
  readonly algorithms: readonly string[];
}

const methods: Readonly<Record<string, StratumMessage['dialect']>> = {
  'mining.subscribe': 'stratum',
  'mining.authorize': 'stratum',
  'mining.submit': 'stratum',
  'mining.extranonce.subscribe': 'stratum',
  'mining.configure': 'stratum',
  'mining.hello': 'ethereum-stratum',
  eth_submitLogin: 'ethproxy',
  eth_getWork: 'ethproxy',
  eth_submitWork: 'ethproxy',
  eth_submitHashrate: 'ethproxy',
  login: 'cryptonote',
  keepalived: 'cryptonote',
  submit: 'cryptonote',
};

/** @param line one line; longer than 8 KiB or no such message gives undefined */
export function parseStratum(line: string): StratumMessage | undefined {
  if (line.length > 8192 || !line.includes('"method"')) return undefined;
  const message = asRecord(parseJson(line));
  const method = message?.method;
  if (typeof method !== 'string' || !Object.hasOwn(methods, method)) return undefined;
  const dialect = methods[method]!;
  const params = message?.params;
  const fields = asRecord(params);
  // `login` and `submit` are common words: only the CryptoNote shape counts.
  if (dialect === 'cryptonote' && typeof fields?.login !== 'string' && typeof fields?.id !== 'string')
    return undefined;
  const first = Array.isArray(params) ? text(params[0]) : undefined;
  const names = method === 'mining.authorize' || method === 'eth_submitLogin' || method === 'mining.submit';
  const login = text(fields?.login) ?? (names ? first : undefined);
  const agent = text(fields?.agent) ?? (method === 'mining.subscribe' ? first : undefined);
  const user = login === undefined ? undefined : parseMinerUser(login);
  const algorithms = Array.isArray(fields?.algo)
    ? fields.algo.filter((one): one is string => typeof one === 'string')
    : [];
  return {
    dialect,
    method,
    algorithms: algorithms.slice(0, 64),
    ...(login === undefined ? {} : { login }),
    ...(agent === undefined ? {} : { agent }),
    ...(user === undefined ? {} : { user }),
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 512) : undefined;
}
