/**
 * A login at Docker Hub's API with what docker stored for its registry (https://docs.docker.com/reference/api/hub/latest/,
 * `POST /v2/auth/token`, read 2026-11). Nothing is read or sent before the API refuses to go on without.
 */
import { fields, readOrUndefined, textThat } from '../../image/go-json.ts';
import { readWhole } from '../../image/registry/body.ts';
import { findCredentials } from '../../image/registry/credentials.ts';
import type { Answer, Ask } from '../../image/registry/exchange.ts';
import type { RegistryLimits } from '../../image/registry/limits.ts';

export interface HubLogin {
  /** The Authorization value, where there is one. */
  known(): string | undefined;
  /** A fresh one; undefined where no login is stored or it is refused. Those who ask at once share it. */
  obtain(): Promise<string | undefined>;
}

/** @param base of the API: a mirror has a login of its own and never gets Docker Hub's */
export function openHubLogin(
  base: URL,
  env: Readonly<Record<string, string | undefined>>,
  limits: RegistryLimits,
  send: (ask: Ask) => Promise<Answer>,
): HubLogin {
  let value: string | undefined;
  let under: Promise<string | undefined> | undefined;

  async function obtain(): Promise<string | undefined> {
    const registry = base.host === 'hub.docker.com' ? 'docker.io' : base.host;
    const credentials = await findCredentials(registry, env);
    if (credentials?.password === undefined) return undefined;
    const json = JSON.stringify({ identifier: credentials.username, secret: credentials.password });
    const answer = await send({ url: new URL('/v2/auth/token', base), json });
    const body = await readWhole(answer, limits.tokenBytes, 'token', limits);
    const token =
      answer.status === 200 ? readOrUndefined(jsonOf(body), tokenAnswer)?.access_token : undefined;
    value = token === undefined ? undefined : `Bearer ${token}`;
    return value;
  }

  return {
    known: () => value,
    obtain() {
      under ??= obtain().finally(() => {
        under = undefined;
      });
      return under;
    },
  };
}

/** It goes into a header field. */
const tokenAnswer = fields({
  access_token: textThat('a token', (one) => one.length <= 64 * 1024 && /^[\x21-\x7e]+$/.test(one)),
});

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
