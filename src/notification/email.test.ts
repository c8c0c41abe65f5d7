import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, describe, it } from 'node:test';
import { createSecureContext, TLSSocket } from 'node:tls';
import { notice } from '../../test/fixtures/notices.ts';
import type { ChannelTarget } from '../api/upkeep.ts';
import { deliver } from './deliver.ts';
import { mailServer } from './email.ts';
import { messageOf } from './message.ts';
import { type Ports, systemPorts } from './ports.ts';

const pem = readFileSync(new URL('fixtures/localhost.pem', import.meta.url), 'utf8');
const secureContext = createSecureContext({ key: pem, cert: pem });
const ports: Ports = { ...systemPorts, hostName: 'wg.example' };
const never = new AbortController().signal;

const message = messageOf('wg_0123', [notice(1)]);

/** What the sink answers to a command, by its first word; the rest is as a plain server has it. */
interface Manner {
  readonly address?: string;
  readonly greeting?: string;
  readonly extensions?: readonly string[];
  readonly answers?: Readonly<Record<string, string>>;
  /** TLS from the first byte. */
  readonly secure?: boolean;
}

interface Sink {
  readonly port: number;
  readonly commands: string[];
  readonly mails: string[];
  /** For each mail, whether it came through TLS. */
  readonly secured: boolean[];
}

const servers: Server[] = [];
const sockets = new Set<Socket>();
after(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

/** A mail server, as far as one mail needs one (RFC 5321, 3207, 4954). */
async function mailSink(manner: Manner = {}): Promise<Sink> {
  const commands: string[] = [];
  const mails: string[] = [];
  const secured: boolean[] = [];
  const upgraded = (socket: Socket) => new TLSSocket(socket, { isServer: true, secureContext });
  const serve = (socket: Socket, greet: boolean) => {
    let buffer = '';
    let isData = false;
    socket.on('error', () => {});
    if (greet) socket.write(`${manner.greeting ?? '220 sink.example ESMTP'}\r\n`);
    const read = (chunk: Buffer) => {
      buffer += chunk.toString('latin1');
      for (;;) {
        const end = buffer.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const text = buffer.slice(0, end);
        buffer = buffer.slice(end + (isData ? 5 : 2));
        if (isData) {
          mails.push(text);
          secured.push(socket instanceof TLSSocket);
          isData = false;
          socket.write(`${manner.answers?.['.'] ?? '250 2.0.0 queued'}\r\n`);
          continue;
        }
        commands.push(text);
        const verb = text.split(' ')[0]?.toUpperCase() ?? '';
        const said = manner.answers?.[text] ?? manner.answers?.[verb];
        if (said !== undefined) socket.write(`${said}\r\n`);
        else if (verb === 'EHLO') {
          socket.write(
            [
              '250-sink.example',
              ...(manner.extensions ?? []).map((one) => `250-${one}`),
              '250 8BITMIME',
              '',
            ].join('\r\n'),
          );
        } else if (verb === 'STARTTLS' && manner.extensions?.includes('STARTTLS')) {
          socket.removeListener('data', read);
          socket.write('220 go on\r\n');
          serve(upgraded(socket), false);
          return;
        } else if (verb === 'DATA') {
          isData = true;
          socket.write('354 go on\r\n');
        } else if (verb === 'AUTH') socket.write('235 2.7.0 welcome\r\n');
        else if (['MAIL', 'RCPT', 'RSET', 'NOOP'].includes(verb)) socket.write('250 2.1.0 fine\r\n');
        else socket.write('502 5.5.1 unknown\r\n');
      }
    };
    socket.on('data', read);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(manner.secure ? upgraded(socket) : socket, true);
  });
  servers.push(server);
  server.listen(0, manner.address ?? '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, commands, mails, secured };
}

const target = (server: string, to = ['soc@example.org']): ChannelTarget => ({
  kind: 'email',
  server,
  from: 'wg@example.org',
  to,
});

async function mail(server: string, what = message, using = ports, to?: string[]) {
  const outcome = await deliver(target(server, to), what, using, never);
  assert.doesNotMatch(JSON.stringify(outcome), /s3cret|czNjcmV0/);
  return outcome;
}

const trusting: Ports = { ...ports, authorities: pem };

/** An address of this machine that is not loopback: for whoever connects to it, a server elsewhere. */
const elsewhere = Object.values(networkInterfaces())
  .flat()
  .find((one) => one && !one.internal && one.family === 'IPv4')?.address;

describe('a mail', () => {
  it('arrives with its delivery as Message-ID, in two forms', async () => {
    const sink = await mailSink();
    const outcome = await mail(`smtp://127.0.0.1:${sink.port}`);
    assert.deepEqual(outcome, { ok: true, detail: '127.0.0.1 took the message' });
    const [text = ''] = sink.mails;
    const head = text.slice(0, text.indexOf('\r\n\r\n'));
    assert.match(head, /^From: Waterguard <wg@example\.org>$/m);
    assert.match(head, /^To: soc@example\.org$/m);
    assert.match(head, /^Subject: \[Waterguard\] high: title 1$/m);
    assert.match(head, /^Message-ID: <wg_0123@example\.org>$/m);
    assert.match(head, /^Auto-Submitted: auto-generated$/m);
    assert.match(text, /^Content-Type: text\/plain/m);
    assert.match(text, /^Content-Type: text\/html/m);
    assert.equal(sink.commands[0], 'EHLO wg.example');
  });

  it('has no header that a title asked for, and no markup of its', async () => {
    const sink = await mailSink();
    const hostile = notice(1, {
      title: 'a\r\nBcc: all@example.org\r\n\r\n<script src=//evil.example></script>\x1b[2J\u202e',
      reference: '"><img src=https://evil.example/x.png>',
      lines: ['\r\n.\r\nQUIT', "' onclick='x"],
      link: 'https://wg.example/"><script>?a=1&b=2',
    });
    assert.equal((await mail(`smtp://127.0.0.1:${sink.port}`, messageOf('wg_1', [hostile]))).ok, true);
    assert.equal(sink.mails.length, 1);
    const text = unquoted(sink.mails[0] ?? '');
    const head = text.slice(0, text.indexOf('\r\n\r\n')).replaceAll('\r\n ', ' ');
    assert.doesNotMatch(head, /^(bcc|<script)/im);
    assert.equal(head.match(/^[\w-]+:/gm)?.length, head.split('\r\n').length);
    assert.doesNotMatch(text, /\x1b|evil\.example\/x/);
    const html = text.slice(text.indexOf('<!doctype html>'));
    const tags = new Set(html.match(/<[^>]*>/g)?.filter((tag) => !tag.startsWith('</')));
    assert.deepEqual([...tags].sort(), [
      '<!doctype html>',
      '<a href="https://wg.example/%22%3E%3Cscript%3E?a=1&#38;b=2">',
      '<body>',
      '<br>',
      '<head>',
      '<html>',
      '<meta charset="utf-8">',
      '<p>',
      '<strong>',
    ]);
  });

  it('of 500 notices tells a hundred and counts the rest', async () => {
    const sink = await mailSink();
    const many = Array.from({ length: 500 }, (_, number) => notice(number));
    assert.equal((await mail(`smtp://127.0.0.1:${sink.port}`, messageOf('wg_1', many))).ok, true);
    const text = unquoted(sink.mails[0] ?? '');
    assert.match(text, /title 99\b/);
    assert.doesNotMatch(text, /title 100\b/);
    assert.match(text, /and 400 more, of 500 high in all/);
    assert.ok(text.length < 100_000);
  });

  it('is sent over TLS where the server offers it, by STARTTLS or from the start', async () => {
    const starting = await mailSink({ extensions: ['STARTTLS'] });
    assert.equal((await mail(`smtp://localhost:${starting.port}`, message, trusting)).ok, true);
    assert.deepEqual(starting.secured, [true]);
    const always = await mailSink({ secure: true });
    assert.equal((await mail(`smtps://localhost:${always.port}`, message, trusting)).ok, true);
    assert.deepEqual(always.secured, [true]);
  });

  const skip = elsewhere === undefined && 'this machine has no address but loopback';
  it('is not sent beyond loopback without verified TLS, unless the URL says so', { skip }, async () => {
    const address = elsewhere ?? '';
    const resolve: Ports['resolve'] = (_name, _options, done) => done(null, [{ address, family: 4 }]);
    const plain = await mailSink({ address, extensions: ['AUTH PLAIN'] });
    const refused = await mail(`smtp://u:s3cret@localhost:${plain.port}`, message, { ...trusting, resolve });
    assert.ok(!refused.ok && refused.retry);
    assert.match(refused.detail, /offers no verified TLS/);
    assert.equal(plain.mails.length, 0);
    assert.ok(!plain.commands.some((one) => one.startsWith('AUTH')));

    const starting = await mailSink({ address, extensions: ['STARTTLS'] });
    const server = `smtp://localhost:${starting.port}`;
    assert.equal((await mail(server, message, { ...trusting, resolve })).ok, true);
    assert.equal((await mail(server, message, { ...ports, resolve })).ok, false);
    const other = await mail(`smtp://other.example:${starting.port}`, message, { ...trusting, resolve });
    assert.equal(other.ok, false);
    assert.deepEqual(starting.secured, [true]);

    const always = await mailSink({ address, secure: true });
    assert.equal(
      (await mail(`smtps://localhost:${always.port}`, message, { ...trusting, resolve })).ok,
      true,
    );
    const strange = await mail(`smtps://localhost:${always.port}`, message, { ...ports, resolve });
    assert.match(strange.detail, /certificate is not trusted|no verified TLS/);

    assert.equal((await mail(`smtp+insecure://${address}:${plain.port}`)).ok, true);
    assert.equal((await mail(`smtp+insecure://${address}:${starting.port}`)).ok, true);
    assert.deepEqual([plain.secured, starting.secured], [[false], [true, true]]);
  });

  it('logs in as the URL says', async () => {
    const sink = await mailSink({ extensions: ['AUTH PLAIN'] });
    assert.equal((await mail(`smtp://a%40b:s3cret%2F@127.0.0.1:${sink.port}`)).ok, true);
    const login = sink.commands.find((one) => one.startsWith('AUTH PLAIN '))?.slice(11) ?? '';
    assert.equal(Buffer.from(login, 'base64').toString(), '\0a@b\0s3cret/');
  });

  it('is not tried again after a refused login, and shows only codes of the answer', async () => {
    const sink = await mailSink({
      extensions: ['AUTH PLAIN'],
      answers: { AUTH: '535 5.7.8 user:s3cret is wrong (czNjcmV0)' },
    });
    const outcome = await mail(`smtp://user:s3cret@127.0.0.1:${sink.port}`);
    assert.deepEqual(outcome, {
      ok: false,
      retry: false,
      detail: '127.0.0.1 refused the login with 535 5.7.8',
    });
  });

  it('is tried again after 4yz and not after 5yz, at any step', async () => {
    const steps: [Manner, boolean, string][] = [
      [{ answers: { MAIL: '451 4.3.0 later s3cret' } }, true, '451 4.3.0'],
      [{ answers: { RCPT: '550 5.1.1 nobody' } }, false, '550 5.1.1'],
      [{ answers: { RCPT: '450 greylisted' } }, true, '450'],
      [{ answers: { '.': '554 5.7.1 spam' } }, false, '554 5.7.1'],
      [{ answers: { '.': '452 4.3.1 full' } }, true, '452 4.3.1'],
      [{ greeting: '421 4.7.0 busy' }, true, '421 4.7.0'],
    ];
    for (const [manner, retry, codes] of steps) {
      const outcome = await mail(`smtp://127.0.0.1:${(await mailSink(manner)).port}`);
      assert.ok(!outcome.ok, codes);
      assert.equal(outcome.retry, retry, codes);
      assert.ok(outcome.detail.endsWith(` with ${codes}`), outcome.detail);
    }
  });

  it('that one of two recipients may not have is delivered, and says so', async () => {
    const sink = await mailSink({ answers: { 'RCPT TO:<b@example.org>': '550 5.1.1 nobody' } });
    const outcome = await mail(`smtp://127.0.0.1:${sink.port}`, message, ports, [
      'a@example.org',
      'b@example.org',
    ]);
    assert.deepEqual(outcome, {
      ok: true,
      detail: '127.0.0.1 took it, but not for 1 of 2 recipients',
    });
  });

  it('gives up on a server that is silent, closes or speaks without end', async () => {
    const quick = { ...ports, limits: { ...ports.limits, mailMs: 150 } };
    const behaviours: ((socket: Socket) => void)[] = [
      () => {},
      (socket) => socket.end(),
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.write('220 a\r\n'),
      (socket) => {
        const more = setInterval(() => socket.write(`220-${'x'.repeat(60_000)}\r\n`), 1);
        socket.on('close', () => clearInterval(more));
      },
    ];
    for (const behave of behaviours) {
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => {});
        behave(socket);
      });
      servers.push(server);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const outcome = await mail(
        `smtp://u:s3cret@127.0.0.1:${(server.address() as AddressInfo).port}`,
        message,
        quick,
      );
      assert.ok(!outcome.ok && outcome.retry, behave.toString());
    }
  });

  it('does not go to a metadata service', async () => {
    const resolve: Ports['resolve'] = (_name, _options, done) =>
      done(null, [{ address: '169.254.169.254', family: 4 }]);
    for (const server of [
      'smtp://169.254.169.254:80',
      'smtp://[fe80::1]',
      'smtps://mail.example',
      'smtp://0xa9fea9fe',
    ]) {
      const outcome = await mail(server, message, { ...ports, resolve });
      assert.ok(!outcome.ok && !outcome.retry, server);
      assert.match(outcome.detail, /link-local, metadata/);
    }
  });
});

describe('the URL of a mail server', () => {
  it('names server, port, security and login', () => {
    assert.deepEqual(mailServer('smtp://mail.example'), {
      host: 'mail.example',
      port: 587,
      security: 'smtp',
      login: undefined,
    });
    assert.deepEqual(mailServer('smtps://u:p%40@[::1]'), {
      host: '::1',
      port: 465,
      security: 'smtps',
      login: { user: 'u', pass: 'p@' },
    });
    assert.equal(mailServer('smtp+insecure://relay:25')?.port, 25);
  });

  it('is refused where it is none', () => {
    for (const wrong of ['http://a', 'smtp:a', 'smtp://', 'a', 'smtp://u:%zz@a']) {
      assert.equal(mailServer(wrong), undefined, wrong);
    }
  });
});

/** Quoted-printable undone. */
function unquoted(text: string): string {
  return text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
