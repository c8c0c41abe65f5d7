/**
 * Settings of Qubic's mining client (`appsettings.json` of qli, read 2026-11): its pools are web services, so that they
 * have no endpoint with a port, and the account is a token.
 */
import { parseDomain } from '../indicator/domain.ts';
import type { FoundUse } from './miner.ts';

const service =
  /"(?:baseUrl|poolAddress)"\s{0,8}:\s{0,8}"((?:https?|wss?):\/\/((?:[a-z0-9-]{1,40}\.){0,3}(?:qubic\.li|jetskipool\.ai)))[/:"]/i;
const account = /"(?:accessToken|qubicAddress|payoutId)"\s{0,8}:\s{0,8}"[\w.-]{8}/i;
const work = /"(?:alias|amountOfThreads|trainer|idling|pps)"\s{0,8}:/i;

export function qubicSettings(text: string): FoundUse[] {
  const found = service.exec(text);
  const host = parseDomain(found?.[2] ?? '')?.host;
  if (found === null || host === undefined || !account.test(text) || !work.test(text)) return [];
  const url = (found[1] ?? '').toLowerCase();
  const scheme = url.slice(0, url.indexOf(':'));
  const isSecure = scheme === 'https' || scheme === 'wss';
  return [
    {
      family: 'qubic',
      pool: { url, scheme, host, port: 0, tls: isSecure, explicit: false, public: true, listed: false },
      hasLogin: true,
      why: ['settings of qubic', 'pool ' + url],
      offset: found.index,
      isTogether: true,
    },
  ];
}
