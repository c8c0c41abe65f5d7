/** curl 7.88.1 of Debian 12, and 8.9 of Alpine. */
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { makeAll } from '../files/make.ts';
import { Fault, latin, reasonOf, type Tool } from '../tool.ts';
import { meter, meterHead, talk, written } from './curl-meter.ts';
import { type Given, optionsFrom } from './curl-options.ts';
import { type Answer, transfer } from './transfer.ts';
import { type Address, fileNameOf, parseAddress } from './url.ts';

/** Addresses of one call. */
const mostAddresses = 50;

export const curl: Tool = async (run) => {
  const given = optionsFrom(run.args.slice(1));
  if (given.flags.has('version')) {
    await run.stdout.write(
      'curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.17 zlib/1.2.13 brotli/1.0.9 zstd/1.5.4 libidn2/2.3.3 libpsl/0.21.2 (+libidn2/2.3.3) libssh2/1.10.0 nghttp2/1.52.0 librtmp/2.3 OpenLDAP/2.5.13\nRelease-Date: 2023-02-20, security patched: 7.88.1-10+deb12u15\nProtocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps telnet tftp\nFeatures: alt-svc AsynchDNS brotli GSS-API HSTS HTTP2 HTTPS-proxy IDN IPv6 Kerberos Largefile libz NTLM NTLM_WB PSL SPNEGO SSL threadsafe TLS-SRP UnixSockets zstd\n',
    );
    return 0;
  }
  if (given.urls.length === 0)
    throw new Fault("curl: try 'curl --help' or 'curl --manual' for more information\n", 2);
  let exitCode = 0;
  for (const [index, url] of given.urls.slice(0, mostAddresses).entries())
    exitCode = await fetched(run, given, url, given.outputs[index]);
  return exitCode;
};

async function fetched(run: Run, given: Given, url: string, output: string | undefined): Promise<number> {
  const { flags, values } = given;
  const address = parseAddress(url);
  if (address === undefined) return failed(run, given, 3, 'URL using bad/illegal format or missing URL');
  if (
    !/^(https?|ftps?|tftp|file|sftp|scp|telnet|dict|gopher|ldap|smtp|pop3|imap|rtsp|smb)$/.test(
      address.scheme,
    )
  )
    return failed(run, given, 1, `Protocol "${address.scheme}" not supported or disabled in libcurl`);
  const name =
    output === undefined || output === '-' ? undefined : output === '' ? fileNameOf(address) : output;
  if (name === '') return failed(run, given, 23, 'Remote file name has no length!');
  if (address.scheme === 'file') return local(run, given, address, name);
  const folder = values.get('output-dir')?.at(-1);
  const path = name === undefined ? undefined : folder === undefined ? name : `${folder}/${name}`;
  const method =
    values.get('request')?.at(-1)?.toUpperCase() ??
    (flags.has('head') ? 'HEAD' : hasBody(given) ? 'POST' : values.has('upload-file') ? 'PUT' : 'GET');
  const answer = await transfer(run, {
    tool: 'curl',
    address,
    method,
    headers: headersOf(given),
    ...(path !== undefined && path !== '/dev/null' && { savedAs: path }),
  });
  if (answer.kind !== 'answer') return failedBy(run, given, address, answer);
  if (flags.has('verbose')) await talk(run, address, answer, method);
  if (flags.has('fail') && answer.status >= 400)
    return failed(run, given, 22, `The requested URL returned error: ${answer.status}`);
  return delivered(run, given, address, answer, path, method);
}

function hasBody({ values, flags }: Given): boolean {
  return (
    !flags.has('get') &&
    [...values.keys()].some((name) => name.startsWith('data') || name === 'form' || name === 'json')
  );
}

function headersOf({ values }: Given): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of values.get('header') ?? []) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

async function delivered(
  run: Run,
  given: Given,
  address: Address,
  answer: Extract<Answer, { readonly kind: 'answer' }>,
  path: string | undefined,
  method: string,
): Promise<number> {
  const { flags, values } = given;
  const { content } = answer;
  const size = method === 'HEAD' ? 0 : content instanceof Uint8Array ? content.length : content.size;
  const head = `HTTP/1.1 ${answer.status} ${answer.reason}\r\n${answer.headers.map(([field, value]) => `${field}: ${value}\r\n`).join('')}\r\n`;
  const isHeadShown = flags.has('include') || flags.has('head');
  const made = (): Uint8Array =>
    method === 'HEAD'
      ? new Uint8Array()
      : content instanceof Uint8Array
        ? content
        : typeof content.content === 'function'
          ? content.content()
          : content.content;
  const isMeterShown =
    !flags.has('silent') && !flags.has('no-progress-meter') && (path !== undefined || !run.stdout.isTerminal);
  if (isMeterShown) await meter(run, given, size, answer.duration + answer.latency);
  if (path === undefined) {
    if (isHeadShown) await run.stdout.write(head);
    await run.stdout.write(made());
  } else {
    try {
      if (flags.has('create-dirs') && path.includes('/'))
        makeAll(run, path.slice(0, path.lastIndexOf('/')) || '/');
      if (isHeadShown)
        run.files.write(path, Buffer.concat([Buffer.from(head), made()]), { now: now(run.world) });
      else run.files.write(path, method === 'HEAD' ? new Uint8Array() : content, { now: now(run.world) });
    } catch (error) {
      if (!flags.has('silent') || flags.has('show-error'))
        await run.stderr.write(`Warning: Failed to open the file ${path}: ${reasonOf(error)}\n`);
      return failed(run, given, 23, 'Failure writing output to destination');
    }
  }
  const dumped = values.get('dump-header')?.at(-1);
  if (dumped === '-') await run.stdout.write(head);
  else if (dumped !== undefined) run.files.write(dumped, Buffer.from(head), { now: now(run.world) });
  for (const format of values.get('write-out') ?? [])
    await run.stdout.write(written(format, address, answer, size));
  return 0;
}

async function failedBy(run: Run, given: Given, { host, port }: Address, { kind }: Answer): Promise<number> {
  switch (kind) {
    case 'unresolved':
      return failed(run, given, 6, `Could not resolve host: ${host}`);
    case 'refused':
      return failed(
        run,
        given,
        7,
        `Failed to connect to ${host} port ${port} after 0 ms: Couldn't connect to server`,
      );
    case 'empty':
      return failed(run, given, 52, 'Empty reply from server');
    default:
      return failed(
        run,
        given,
        28,
        `Failed to connect to ${host} port ${port} after 130214 ms: Couldn't connect to server`,
      );
  }
}

async function failed(
  run: Run,
  { flags, values, outputs }: Given,
  code: number,
  said: string,
): Promise<number> {
  const isQuiet = flags.has('silent') && !flags.has('show-error');
  const hasMeter =
    !flags.has('silent') && (outputs.length > 0 || !run.stdout.isTerminal) && [6, 7, 28, 52].includes(code);
  if (hasMeter)
    await run.stderr.write(
      `${meterHead}\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\n`,
    );
  if (!isQuiet) await run.stderr.write(`curl: (${code}) ${said}\n`);
  for (const format of values.get('write-out') ?? [])
    await run.stdout.write(
      format
        .replace(/%\{(http_code|response_code)\}/g, '000')
        .replace(/%\{\w+\}/g, '0')
        .replace(/\\n/g, '\n'),
    );
  return code;
}

async function local(
  run: Run,
  given: Given,
  { host, path }: Address,
  name: string | undefined,
): Promise<number> {
  const whole = host === 'localhost' || host === '' ? path : `/${host}${path}`;
  try {
    const content = run.files.read(whole.replace(/\/$/, ''));
    if (name === undefined) await run.stdout.write(content);
    else run.files.write(name, content, { now: now(run.world) });
    return 0;
  } catch {
    return failed(run, given, 37, `Couldn't open file ${latin(Buffer.from(whole))}`);
  }
}
