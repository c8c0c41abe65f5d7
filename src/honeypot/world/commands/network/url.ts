/** Addresses as download programs are given them. */

export interface Address {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** With the query, beginning with `/`. */
  readonly path: string;
  readonly user: string | undefined;
}

const ports: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ftp: 21,
  tftp: 69,
  ftps: 990,
  sftp: 22,
  scp: 22,
  dict: 2628,
  gopher: 70,
  telnet: 23,
};

/** @returns undefined for what is no address */
export function parseAddress(text: string): Address | undefined {
  const match =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):\/\/)?(?:([^@/?#\s]*)@)?(\[[0-9a-fA-F:.]+\]|[^:/?#\s]+)(?::(\d{1,5}))?([/?][^#]*)?(?:#.*)?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, given, user, host = '', port, rest = '/'] = match;
  const scheme = (given ?? (/^ftp\./i.test(host) ? 'ftp' : 'http')).toLowerCase();
  const number = port === undefined ? (ports[scheme] ?? 80) : Number(port);
  if (number > 65_535) return undefined;
  return {
    scheme,
    host: host.toLowerCase(),
    port: number,
    path: rest.startsWith('/') ? rest : `/${rest}`,
    user,
  };
}

export function urlOf({ scheme, host, port, path }: Address): string {
  return `${scheme}://${host}${port === ports[scheme] ? '' : `:${port}`}${path}`;
}

/** Last part of the path, without the query; '' where it ends with a slash. */
export function fileNameOf({ path }: Address): string {
  const [plain = ''] = path.split('?', 1);
  const name = plain.slice(plain.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

export function isIpAddress(host: string): boolean {
  return (
    /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.startsWith('[') || /^0x[0-9a-f]+$|^\d{6,10}$/.test(host)
  );
}
