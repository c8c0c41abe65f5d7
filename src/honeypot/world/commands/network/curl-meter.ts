/** What curl shows beside the content: its meter, its talk, what -w asks for. */
import type { Run } from '../../program.ts';
import type { Given } from './curl-options.ts';
import type { Answer } from './transfer.ts';
import type { Address } from './url.ts';

export const meterHead =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n';

export async function meter(run: Run, { flags }: Given, size: number, milliseconds: number): Promise<void> {
  if (flags.has('progress-bar')) {
    const width = (run.terminal?.columns ?? 80) - 7;
    await run.stderr.write(`\r${'#'.repeat(width)} 100.0%\n`);
    return;
  }
  const seconds = Math.max(0.001, milliseconds / 1000);
  const speed = Math.round(size / seconds);
  const spent = seconds < 1 ? '--:--:--' : clock(seconds);
  const row = (percent: number, bytes: number, rate: number, current: number): string =>
    `\r${`${percent}`.padStart(3)} ${short(bytes)}  ${`${percent}`.padStart(3)} ${short(bytes)}    0     0  ${short(rate)}      0 ${percent === 0 ? '--:--:--' : seconds < 1 ? '--:--:--' : spent} ${percent === 0 ? '--:--:--' : spent} --:--:-- ${short(current)}`;
  await run.stderr.write(
    `${meterHead}${row(0, 0, 0, 0)}${row(100, size, speed, Math.round(speed * 1.02))}\n`,
  );
}

/** Five characters, as curl squeezes sizes into them. */
function short(value: number): string {
  if (value < 100_000) return `${value}`.padStart(5);
  const kib = value / 1024;
  if (kib < 10_000) return `${Math.floor(kib)}k`.padStart(5);
  const mib = kib / 1024;
  if (mib < 100) return `${mib.toFixed(1)}M`.padStart(5);
  return `${Math.floor(mib)}M`.padStart(5);
}

function clock(seconds: number): string {
  const two = (value: number): string => `${Math.floor(value)}`.padStart(2, '0');
  return `${`${Math.floor(seconds / 3600)}`.padStart(2)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}

export function written(
  format: string,
  { scheme, host, path }: Address,
  answer: Extract<Answer, { readonly kind: 'answer' }>,
  size: number,
): string {
  const seconds = ((answer.latency + answer.duration) / 1000).toFixed(6);
  const values: Readonly<Record<string, string>> = {
    http_code: `${answer.status}`,
    response_code: `${answer.status}`,
    size_download: `${size}`,
    time_total: seconds,
    time_connect: (answer.latency / 3000).toFixed(6),
    time_starttransfer: (answer.latency / 1000).toFixed(6),
    time_namelookup: '0.004113',
    speed_download: `${Math.round(size / Math.max(0.001, Number(seconds)))}`,
    remote_ip: answer.ip,
    content_type: answer.type,
    url_effective: `${scheme}://${host}${path}`,
    num_redirects: '0',
    http_version: '1.1',
    exitcode: '0',
  };
  return format
    .replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\r/g, '\r')
    .replace(/%%/g, '%');
}

export async function talk(
  run: Run,
  { host, port, path, scheme }: Address,
  answer: Extract<Answer, { readonly kind: 'answer' }>,
  method: string,
): Promise<void> {
  const tls =
    scheme === 'https'
      ? `* ALPN: offers h2,http/1.1\n* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n* TLSv1.3 (IN), TLS handshake, Server hello (2):\n* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384\n* ALPN: server accepted http/1.1\n`
      : '';
  const lines = answer.headers.map(([field, value]) => `< ${field}: ${value}\n`).join('');
  const shownHost = port === 80 || port === 443 ? host : `${host}:${port}`;
  await run.stderr.write(
    `*   Trying ${answer.ip}:${port}...\n* Connected to ${host} (${answer.ip}) port ${port} (#0)\n${tls}> ${method} ${path} HTTP/1.1\n> Host: ${shownHost}\n> User-Agent: curl/7.88.1\n> Accept: */*\n> \n< HTTP/1.1 ${answer.status} ${answer.reason}\n${lines}< \n* Connection #0 to host ${host} left intact\n`,
  );
}
