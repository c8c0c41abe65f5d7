/**
 * The login that docker stored for a registry: `config.json` (auths, credHelpers, credsStore) and the
 * credential helper protocol (https://github.com/docker/docker-credential-helpers, read 2026-11). A helper is
 * the only program that the registry source ever runs; its name comes from a file, so it is held to a pattern
 * and run without a shell.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { fields, optional, readOrUndefined, record, text } from '../go-json.ts';

/** Invariant: has a password or an identity token. */
export interface Credentials {
  readonly username: string;
  readonly password?: string;
  /** An OAuth2 refresh token, exchanged at the token server by POST. */
  readonly identityToken?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param registry as in a reference: `docker.io`, `ghcr.io`, `127.0.0.1:5000`
 * @throws WaterguardError `unreadable` for a configuration that is not one, `refused` for a helper's name
 *   outside the pattern, `unreadable` for a helper that fails or answers nothing within `timeoutMs`
 */
export async function findCredentials(
  registry: string,
  env: Environment,
  timeoutMs = 15_000,
): Promise<Credentials | undefined> {
  const file = configPath(env);
  const config = file === undefined ? undefined : await readConfig(file);
  if (!config) return undefined;

  const keys = keysOf(registry);
  const helper = keys.map((key) => config.credHelpers?.[key]).find((name) => name !== undefined);
  const store = helper ?? config.credsStore;
  if (store) {
    const stored = await askHelper(store, keys[0] ?? registry, env, timeoutMs);
    if (stored || helper !== undefined) return stored;
  }
  for (const [key, auth] of Object.entries(config.auths ?? {})) {
    if (keys.includes(hostOf(key))) return decodeAuth(auth, key);
  }
  return undefined;
}

const maybeText = optional(text());
const authEntry = fields({
  auth: maybeText,
  username: maybeText,
  password: maybeText,
  identitytoken: maybeText,
});
const dockerConfig = fields({
  auths: optional(record(authEntry)),
  credsStore: maybeText,
  credHelpers: optional(record(text())),
});
const helperAnswer = fields({ Username: text(), Secret: text() });

function configPath(env: Environment): string | undefined {
  if (env.DOCKER_CONFIG) return join(env.DOCKER_CONFIG, 'config.json');
  return env.HOME ? join(env.HOME, '.docker', 'config.json') : undefined;
}

async function readConfig(file: string): Promise<ReturnType<typeof dockerConfig> | undefined> {
  try {
    return dockerConfig(JSON.parse(await readFile(file, 'utf8')), '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return undefined;
    }
    // The parser quotes what it cannot read, which may be a password.
    const why =
      error instanceof Error && 'code' in error ? messageOf(error) : 'it is not a docker configuration';
    throw new WaterguardError(
      'unreadable',
      `${file} cannot be read: ${why}; correct it or set DOCKER_CONFIG`,
    );
  }
}

/** The names under which docker stores a registry's login, the one to ask a helper for first. */
function keysOf(registry: string): string[] {
  if (registry !== 'docker.io') return [registry];
  return ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io', 'registry-1.docker.io'];
}

/** Old clients stored whole URLs: `https://ghcr.io/v1/` is `ghcr.io`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').split('/')[0] ?? '';
}

function decodeAuth(entry: ReturnType<typeof authEntry>, key: string): Credentials | undefined {
  const decoded = Buffer.from(entry.auth ?? '', 'base64').toString();
  const colon = decoded.indexOf(':');
  const username = entry.username ?? decoded.slice(0, Math.max(colon, 0));
  const password = entry.password ?? (colon < 0 ? undefined : decoded.slice(colon + 1).replace(/\0+$/, ''));
  if (entry.auth && colon < 0) {
    throw new WaterguardError(
      'unreadable',
      `docker's login for ${printable(key, 100)} is damaged: log in again`,
    );
  }
  if (entry.identitytoken) return { username, identityToken: entry.identitytoken };
  return password === undefined || username === '' ? undefined : { username, password };
}

async function askHelper(
  name: string,
  server: string,
  env: Environment,
  timeoutMs: number,
): Promise<Credentials | undefined> {
  if (!/^[a-z0-9-]{1,64}$/.test(name)) {
    throw new WaterguardError(
      'refused',
      `docker's configuration names the credential helper '${printable(name, 80)}'; only a-z, 0-9 and - are run`,
    );
  }
  const program = `docker-credential-${name}`;
  const { status, output } = await runHelper(program, server, env, timeoutMs);
  // The protocol's only way to say that nothing is stored.
  if (status !== 0 && /credentials not found/i.test(output)) return undefined;
  const answer = readOrUndefined(status === 0 ? jsonOf(output) : undefined, helperAnswer);
  if (!answer) {
    const said = status === 0 ? 'no credentials that can be read' : `status ${status}`;
    throw new WaterguardError(
      'unreadable',
      `${program} answered ${said} for ${server}; run docker login again`,
    );
  }
  if (answer.Username === '<token>') return { username: '', identityToken: answer.Secret };
  return { username: answer.Username, password: answer.Secret };
}

const longestAnswer = 64 * 1024;

function runHelper(
  program: string,
  server: string,
  env: Environment,
  timeout: number,
): Promise<{ readonly status: number; readonly output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(program, ['get'], {
      env,
      timeout,
      killSignal: 'SIGKILL',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (part: Buffer) => {
      output += part.toString();
      if (output.length > longestAnswer) child.kill('SIGKILL');
    });
    // A helper that does not read its input is judged by its answer.
    child.stdin.on('error', () => {});
    child.stdin.end(server + '\n');
    child.on('error', (error) => {
      const message = `${program}, which docker's configuration names, cannot be run: ${messageOf(error)}`;
      fail(new WaterguardError('unreadable', `${message}; install it or correct the configuration`));
    });
    child.on('close', (code, signal) => {
      if (code !== null) return done({ status: code, output });
      fail(
        new WaterguardError(
          'unreadable',
          `${program} was ended by ${signal}: too slow or too long an answer`,
        ),
      );
    });
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
