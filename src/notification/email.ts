/**
 * Mail by SMTP. The socket is ours, so that the address guard judges where it leads, and nodemailer speaks on it.
 *
 * Nothing that an attacker wrote reaches a header but the subject, which is printable and so has no line break;
 * addresses are handed over as addresses, not as text to be parsed. Message-ID is made from the delivery's id:
 * servers that look for duplicates find a second try.
 *
 * TLS with a verified certificate is required. It is not where no network is between (loopback), nor where an
 * administrator writes `smtp+insecure://`: there it is used if offered, unverified.
 */
import { isIP, type Socket } from 'node:net';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { isLoopback } from './address.ts';
import { openSocket, tlsOptions } from './connect.ts';
import { mailHtml } from './email-html.ts';
import { type Message, plainText } from './message.ts';
import { delivered, type Failed, failed, failureOf, type Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';

export interface EmailTarget {
  /** `smtp://host:587`, `smtps://user:password@host`, `smtp+insecure://host`. */
  readonly server: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** Notices told in full; the console has the rest. */
const mostNotices = 100;

/** @throws what `openSocket` throws */
export async function sendEmail(
  target: EmailTarget,
  message: Message,
  ports: Ports,
  signal: AbortSignal,
): Promise<Outcome> {
  const server = mailServer(target.server);
  if (!server)
    return failed(false, 'its server is not smtp://, smtps:// or smtp+insecure://HOST; set it again');
  const socket = await openSocket(server, 'plain', ports, signal);
  try {
    const transport = createTransport(sessionOptions(server, socket, ports));
    return told(await transport.sendMail(mailOf(target, message)), target.to.length, server.host);
  } catch (error) {
    return mailFailure(error, server.host);
  } finally {
    socket.destroy();
  }
}

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: 'smtp' | 'smtps' | 'smtp+insecure';
  readonly login: { readonly user: string; readonly pass: string } | undefined;
}

/** Ports by RFC 8314 (submission with TLS 465, with STARTTLS 587). Undefined for what is no mail server's URL. */
export function mailServer(written: string): MailServer | undefined {
  const url = URL.parse(written);
  const security = url?.protocol.slice(0, -1);
  if (!url || (security !== 'smtp' && security !== 'smtps' && security !== 'smtp+insecure')) return undefined;
  const user = decoded(url.username);
  const pass = decoded(url.password);
  const host = decoded(url.hostname)?.replace(/^\[|\]$/g, '');
  if (!host || user === undefined || pass === undefined) return undefined;
  const port = url.port === '' ? (security === 'smtps' ? 465 : 587) : Number(url.port);
  return { host, port, security, login: user === '' ? undefined : { user, pass } };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function sessionOptions(server: MailServer, connection: Socket, ports: Ports) {
  const mayBePlain = server.security === 'smtp+insecure' || isLoopback(connection.remoteAddress ?? '');
  return {
    connection,
    host: server.host,
    port: server.port,
    secure: server.security === 'smtps',
    requireTLS: server.security === 'smtp' && !mayBePlain,
    tls: { ...tlsOptions(server.host, ports), ...(mayBePlain && { rejectUnauthorized: false }) },
    name: greetingName(ports.hostName),
    greetingTimeout: ports.limits.mailMs,
    ...(server.login && { auth: server.login }),
  };
}

/** RFC 5321, 4.1.4: a name with a domain, or an address in brackets; servers refuse a bare host name. */
function greetingName(hostName: string): string {
  return /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(hostName) && !isIP(hostName) ? hostName : '[127.0.0.1]';
}

function mailOf(target: EmailTarget, message: Message): SendMailOptions {
  const domain = /@([A-Za-z0-9.-]+)$/.exec(target.from)?.[1] ?? 'waterguard.invalid';
  return {
    from: { name: 'Waterguard', address: target.from },
    to: target.to.map((address) => ({ name: '', address })),
    subject: message.subject,
    text: plainText(message, mostNotices),
    html: mailHtml(message, mostNotices),
    messageId: `<${message.id}@${domain}>`,
    headers: {
      // RFC 3834: nobody's absence is answered to.
      'Auto-Submitted': 'auto-generated',
      'X-Waterguard-Delivery': message.id,
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** A recipient who is refused beside others is told of, not tried again: the others would get the mail twice. */
function told(sent: { readonly rejected: readonly unknown[] }, recipients: number, host: string): Outcome {
  const refused = sent.rejected.length;
  const detail =
    refused === 0 ? 'took the message' : `took it, but not for ${refused} of ${recipients} recipients`;
  return delivered(`${host} ${detail}`);
}

/** Of the server's words only its codes (RFC 5321 and 3463) are shown; its text may quote a login. */
function mailFailure(error: unknown, host: string): Failed {
  const said = error as { responseCode?: unknown; response?: unknown; command?: unknown; code?: unknown };
  if (said.code === 'ETLS' || said.command === 'STARTTLS') {
    const advice = 'set up STARTTLS with a valid certificate there, or write smtp+insecure://';
    return failed(true, `${host} offers no verified TLS: ${advice}`);
  }
  if (typeof said.responseCode !== 'number') return failureOf(certificateError(error), host);
  const status = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(String(said.response))?.[1];
  const codes = `${said.responseCode}${status ? ` ${status}` : ''}`;
  const isPassing = said.responseCode >= 400 && said.responseCode < 500;
  const what = said.code === 'EAUTH' ? 'refused the login' : 'refused the message';
  return failed(isPassing, `${host} ${what} with ${codes}`);
}

/** nodemailer replaces the code of a socket's error by its own; the message still tells a certificate. */
function certificateError(error: unknown): unknown {
  if (error instanceof Error && /certificate|altname/i.test(error.message)) {
    return Object.assign(new Error('certificate'), { code: 'CERT_UNTRUSTED' });
  }
  return error;
}
