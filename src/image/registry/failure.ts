/** What went wrong with a registry, said so that a person knows what to do. */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';

/** What node:http threw, as `network`, or as what it already is. */
export function connectionFailure(url: URL, cause: unknown): WaterguardError {
  if (cause instanceof WaterguardError) return cause;
  const code = codeOf(cause);
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new WaterguardError('limit', `${url.host} sent more header fields than allowed`, { cause });
  }
  const why =
    lasting[code] ??
    passing[code] ??
    (cause instanceof Error ? printable(cause.message, 200) : 'unknown cause');
  return new WaterguardError('network', `${url.host}: ${why}`, { cause });
}

/** @param body the beginning of the answer's body; registries put `{"errors":[{"code","message"}]}` there */
export function statusFailure(url: URL, status: number, body: string): WaterguardError {
  const said = saidBy(body);
  const told = `${url.host} answered ${status}${said === '' ? '' : ` (${said})`} to ${printable(url.pathname, 300)}`;
  if (status === 401 || status === 403) {
    const advice = 'the image does not exist, or it needs a login: run docker login, or check the account';
    return new WaterguardError('unauthorized', `${told}: ${advice}`);
  }
  if (status === 404) return new WaterguardError('missing', `${told}: no such image, tag or blob`);
  if (status === 429) return new WaterguardError('rate-limited', `${told}: try later, or log in for more`);
  return new WaterguardError('network', status >= 500 ? `${told}: try later` : told);
}

/** True for a connection that may well stand at the next try; an unknown host or a bad certificate stays. */
export function isPassing(error: unknown): boolean {
  return error instanceof WaterguardError && error.code === 'network' && !(codeOf(error.cause) in lasting);
}

/** True where the other side speaks plain HTTP, or nothing that is TLS. */
export function isNoTls(error: unknown): boolean {
  const code = codeOf(error instanceof WaterguardError ? error.cause : error);
  return code === 'EPROTO' || code === 'ECONNRESET' || code.startsWith('ERR_SSL');
}

const certificate = 'its certificate is not trusted';
const trust = 'name its authority with NODE_EXTRA_CA_CERTS=FILE, or use --insecure for one on loopback';

/** By `code` of Node's errors; https://nodejs.org/docs/latest-v24.x/api/tls.html#x509-certificate-error-codes */
const lasting: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; check host and port',
  ENOTFOUND: 'no such host; check the name',
  EPROTO: 'it does not speak TLS; a registry on loopback with plain HTTP needs --insecure',
  CERT_HAS_EXPIRED: `${certificate}: it has expired`,
  DEPTH_ZERO_SELF_SIGNED_CERT: `${certificate}: it is self-signed; ${trust}`,
  SELF_SIGNED_CERT_IN_CHAIN: `${certificate}: its authority is unknown; ${trust}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `${certificate}: its authority is unknown; ${trust}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `${certificate}: its authority is unknown; ${trust}`,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
};
const passing: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'the name server does not answer; check the network',
  ETIMEDOUT: 'no connection in time; check network, firewall and proxy',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ECONNRESET: 'the connection was closed before the answer was complete',
};

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Several addresses were tried: the first one's failure stands for all.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}

/** The registry's own words, as far as they can be read: its error code and message, or its plain text. */
function saidBy(body: string): string {
  const found = /"message"\s*:\s*("(?:[^"\\]|\\.){1,400}")/.exec(body)?.[1];
  const plain = body.length <= 200 && !/[<{]/.test(body) ? body.trim() : '';
  return printable(found === undefined ? plain : textOf(found), 200);
}

/** Of a string in JSON; as it stands where it is none. */
function textOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json.slice(1, -1);
  }
}
