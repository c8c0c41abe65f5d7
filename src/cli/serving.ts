/** Options of the commands that serve, and where they listen. */
import { type Command, InvalidArgumentError } from 'commander';
import { dataOption } from './store-options.ts';

export interface Listen {
  readonly host: string;
  readonly port: number;
}

export interface ServingFlags {
  readonly data?: string;
  readonly listen: Listen;
  readonly publicUrl?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly quiet: boolean;
  readonly debug?: boolean;
}

export function addServingOptions(command: Command, port: number): Command {
  return command
    .addOption(dataOption())
    .option('--listen <addr:port>', 'where to serve; port 0 picks one', parseListen, {
      host: '127.0.0.1',
      port,
    })
    .option('--public-url <url>', 'by which people reach it, e.g. behind a proxy', parseUrl)
    .option('--tls-cert <file>', 'certificate chain in PEM; with --tls-key it serves HTTPS')
    .option('--tls-key <file>', 'private key in PEM');
}

export function parseListen(text: string): Listen {
  const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (address === '' || Number(port) > 65_535)
    throw new InvalidArgumentError('give an address and a port such as 127.0.0.1:8787 or [::1]:0.');
  return { host: address, port: Number(port) };
}

function parseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('give a URL such as https://waterguard.example.com.');
  return url.origin;
}
