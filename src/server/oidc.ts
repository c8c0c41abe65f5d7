/**
 * Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce, by openid-client. Who the provider
 * says it is becomes the user of that name; an admin adds users, or says which role newcomers get.
 */
import type * as OpenId from 'openid-client';
import { type Role, roles } from '../api/access.ts';
import { WaterguardError } from '../model/error.ts';

export interface OidcSettings {
  /** `https://accounts.example.com`: has `/.well-known/openid-configuration`. */
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** On the button. */
  readonly name: string;
  /** Of the token, by which a user is known; default `email`. */
  readonly claim: string;
  /** What somebody may do who is not a user yet; undefined: nothing. */
  readonly newRole: Role | undefined;
}

/** @throws WaterguardError `usage` for settings that cannot be */
export function oidcSettings(env: Readonly<Record<string, string | undefined>>): OidcSettings | undefined {
  const issuer = env.WATERGUARD_OIDC_ISSUER;
  if (issuer === undefined || issuer === '') return undefined;
  const url = URL.parse(issuer);
  if (url === null || (url.protocol !== 'https:' && !isLoopback(url)))
    throw wrong('WATERGUARD_OIDC_ISSUER is no https URL of a provider');
  const clientId = env.WATERGUARD_OIDC_CLIENT_ID;
  if (!clientId) throw wrong('WATERGUARD_OIDC_CLIENT_ID is missing');
  const role = env.WATERGUARD_OIDC_NEW_ROLE;
  const newRole = roles.find((one) => one === role);
  if (role && newRole === undefined) throw wrong(`WATERGUARD_OIDC_NEW_ROLE is none of ${roles.join(', ')}`);
  return {
    issuer: url,
    clientId,
    clientSecret: env.WATERGUARD_OIDC_CLIENT_SECRET || undefined,
    name: env.WATERGUARD_OIDC_NAME || url.host,
    claim: env.WATERGUARD_OIDC_CLAIM || 'email',
    newRole,
  };
}

function wrong(why: string): WaterguardError {
  return new WaterguardError('usage', `${why}: see docs/operating.md.`);
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** What has to come back with the code, kept in a cookie of its own meanwhile. */
export interface Started {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Provider {
  readonly settings: OidcSettings;
  /** Where the browser goes. */
  begin(redirectUri: string): Promise<{ readonly url: URL; readonly started: Started }>;
  /** @returns the name by which the user is known. @throws what openid-client finds wrong */
  complete(url: URL, started: Started): Promise<string>;
}

/** The provider is asked for what it is when somebody first signs in, and again if that failed. */
export function openProvider(settings: OidcSettings): Provider {
  let known: Promise<{ client: typeof OpenId; configuration: OpenId.Configuration }> | undefined;

  function ask(): NonNullable<typeof known> {
    known ??= discover(settings);
    known.catch(() => {
      known = undefined;
    });
    return known;
  }

  return {
    settings,
    async begin(redirectUri) {
      const { client, configuration } = await ask();
      const started = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state: started.state,
        nonce: started.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(started.verifier),
        code_challenge_method: 'S256',
      });
      return { url, started };
    },
    async complete(url, { state, nonce, verifier }) {
      const { client, configuration } = await ask();
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      const name = claims?.[settings.claim];
      if (typeof name !== 'string' || name === '')
        throw new Error(`the token has no claim '${settings.claim}'`);
      // An address that nobody has confirmed can be anybody's.
      if (settings.claim === 'email' && claims?.email_verified === false)
        throw new Error('the e-mail address is not confirmed');
      return name;
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings) {
  const client = await import('openid-client');
  // Signatures are checked although the token comes from the provider itself: a proxy in between may not be it.
  const execute = [client.enableNonRepudiationChecks];
  if (isLoopback(issuer)) execute.push(client.allowInsecureRequests);
  const configuration = await client.discovery(issuer, clientId, clientSecret, undefined, {
    execute,
    timeout: 10,
  });
  return { client, configuration };
}
