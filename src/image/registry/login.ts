/**
 * Answering a registry's 401: Basic with the stored login, or a Bearer token from the realm that it names
 * (https://distribution.github.io/distribution/spec/auth/token/, read 2026-11). Tokens are kept per
 * scope until they expire. Nothing is asked or sent before a registry demands it.
 */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { fields, otherwise, readOrUndefined, textThat } from '../go-json.ts';
import { discard, readBeginning, readWhole } from './body.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import type { Answer, Ask, Connections } from './exchange.ts';
import { statusFailure } from './failure.ts';
import type { RegistryLimits } from './limits.ts';
import { withRetries } from './retry.ts';

export interface Login {
  /** The Authorization value for requests of `scope`, where one is known. */
  known(scope: string): string | undefined;
  /**
   * Obtains a new one after `refused`, a 401.
   * @throws WaterguardError `unauthorized` where there is no way in, `refused` for an unsafe realm
   */
  answer(refused: Answer, scope: string, signal?: AbortSignal): Promise<string>;
}

/** @param find the stored login of this registry; called at most once, and only after a 401 */
export function openLogin(
  connections: Connections,
  find: () => Promise<Credentials | undefined>,
  limits: RegistryLimits,
): Login {
  const values = new Map<string, { readonly value: string; readonly until: number }>();
  let found: Promise<Credentials | undefined> | undefined;
  let refreshToken: string | undefined;

  async function answer(refused: Answer, scope: string, signal?: AbortSignal): Promise<string> {
    const challenges = parseChallenges(refused.headers['www-authenticate'] ?? '');
    found ??= find();
    const credentials = await found;
    const bearer = challenges.find((one) => one.scheme === 'bearer' && one.parameters.has('realm'));
    const basic = challenges.find((one) => one.scheme === 'basic');
    if (bearer) {
      const token = await obtainToken(bearer, refused.url, scope, credentials, signal);
      values.set(scope, token);
      return token.value;
    }
    if (basic && credentials?.password !== undefined) {
      const value = basicValue(credentials.username, credentials.password);
      values.set(scope, { value, until: Number.POSITIVE_INFINITY });
      return value;
    }
    throw statusFailure(refused.url, 401, await readBeginning(refused, limits));
  }

  async function obtainToken(
    challenge: Challenge,
    registry: URL,
    scope: string,
    credentials: Credentials | undefined,
    signal: AbortSignal | undefined,
  ) {
    const realm = realmOf(challenge, registry);
    const service = challenge.parameters.get('service');
    const wanted = new URLSearchParams({
      ...(service !== undefined && { service }),
      scope: challenge.parameters.get('scope') ?? scope,
    });
    const identity = refreshToken ?? credentials?.identityToken;
    const ask =
      identity === undefined ? byPassword(realm, wanted, credentials) : byIdentity(realm, wanted, identity);
    const answered = await withRetries(() => connections.exchange({ ...ask, signal }), limits, signal);
    if (answered.status !== 200) {
      const told = statusFailure(answered.url, answered.status, await readBeginning(answered, limits));
      throw new WaterguardError(told.code, `the token server of ${registry.host}: ${told.message}`);
    }
    const token = parseToken(await readWhole(answered, limits.tokenBytes, 'token', limits), realm);
    refreshToken = token.refreshToken ?? refreshToken;
    return token;
  }

  return {
    known(scope) {
      const value = values.get(scope);
      return value && value.until > Date.now() ? value.value : undefined;
    },
    async answer(refused, scope, signal) {
      try {
        return await answer(refused, scope, signal);
      } finally {
        discard(refused);
      }
    },
  };
}

/** The realm hears the stored login, so it must be HTTPS; the exchange lets plain HTTP pass on loopback only. */
function realmOf(challenge: Challenge, registry: URL): URL {
  const written = challenge.parameters.get('realm') ?? '';
  const realm = URL.parse(written);
  const safe = realm?.protocol === 'https:' || (realm?.protocol === 'http:' && registry.protocol === 'http:');
  if (!realm || !safe) {
    throw new WaterguardError(
      'refused',
      `${registry.host} names '${printable(written, 200)}' as its token server, which is not HTTPS`,
    );
  }
  realm.username = '';
  realm.password = '';
  return realm;
}

function byPassword(realm: URL, wanted: URLSearchParams, credentials: Credentials | undefined): Ask {
  const url = new URL(realm);
  for (const [name, value] of wanted) url.searchParams.set(name, value);
  if (credentials?.password === undefined) return { url };
  return { url, headers: { authorization: basicValue(credentials.username, credentials.password) } };
}

function byIdentity(realm: URL, wanted: URLSearchParams, identity: string): Ask {
  const form = new URLSearchParams(wanted);
  form.set('grant_type', 'refresh_token');
  form.set('client_id', 'waterguard');
  form.set('refresh_token', identity);
  return { url: realm, form };
}

function basicValue(username: string, password: string): string {
  return 'Basic ' + Buffer.from(`${username}:${password}`).toString('base64');
}

/** A token goes into a header field, so it must be printable ASCII without spaces. */
const tokenText = otherwise(
  textThat('a token', (one) => one.length <= 64 * 1024 && /^[\x21-\x7e]+$/.test(one)),
  undefined,
);
const tokenAnswer = fields({
  token: tokenText,
  access_token: tokenText,
  refresh_token: tokenText,
  // The specification's default, and its least value for clients that know no shorter one.
  expires_in: (value) => (typeof value === 'number' ? value : 60),
});

/** A token is dropped this much before its end, so that it does not expire on the way. */
const marginMs = 5000;

function parseToken(body: Buffer, realm: URL) {
  const answer = readOrUndefined(jsonOf(body), tokenAnswer);
  const token = answer?.token ?? answer?.access_token;
  if (!answer || token === undefined) {
    throw new WaterguardError(
      'unauthorized',
      `the token server ${realm.host} answered without a usable token`,
    );
  }
  const seconds = Math.min(Math.max(answer.expires_in, 60), 24 * 3600);
  return {
    value: `Bearer ${token}`,
    until: Date.now() + seconds * 1000 - marginMs,
    refreshToken: answer.refresh_token,
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
