/**
 * Where an address is: country and autonomous system, from data that comes as packages of its own. They are optional,
 * because they are large; without one of them that part is unknown. With `indicator/lists.ts` the only file of the
 * ground floor that reads: the data is part of the program, like its code.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseIp } from '../indicator/ip.ts';
import { type AutonomousSystem, readSystems, type Systems } from './systems.ts';

export interface Location {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly asn?: number;
  /** Of the organisation that runs the system. */
  readonly asName?: string;
}

export interface Locations {
  /** Undefined for what is not an address of the public internet, or is in no data. */
  of(ip: string): Location | undefined;
  /** Packages that are not installed. */
  readonly missing: readonly string[];
}

export const countryPackage = '@ip-location-db/geo-whois-asn-country-mmdb';
export const systemPackage = '@ip-location-db/asn';

/** Takes half a second of computing, and 30 MB for as long as it is used. */
export async function openLocations(
  folderOf: (name: string) => string | undefined = packageFolder,
): Promise<Locations> {
  const folders = { country: folderOf(countryPackage), system: folderOf(systemPackage) };
  const [country, system] = await Promise.all([openCountries(folders.country), openSystems(folders.system)]);
  return {
    missing: [
      ...(country === undefined ? [countryPackage] : []),
      ...(system === undefined ? [systemPackage] : []),
    ],
    of(ip) {
      const address = parseIp(ip);
      if (address?.scope !== 'public') return undefined;
      const code = country?.(address.address);
      const found = system?.(address.address);
      if (code === undefined && found === undefined) return undefined;
      return {
        ...(code !== undefined && { country: code }),
        ...(found !== undefined && { asn: found.number, asName: found.name }),
      };
    },
  };
}

function packageFolder(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

async function openCountries(
  folder: string | undefined,
): Promise<((ip: string) => string | undefined) | undefined> {
  if (folder === undefined) return undefined;
  const { open } = await import('maxmind');
  const reader = await open(join(folder, 'geo-whois-asn-country.mmdb'));
  return (ip) => {
    const code = (reader.get(ip) as Country | null)?.country_code;
    return code !== undefined && /^[A-Z]{2}$/.test(code) ? code : undefined;
  };
}

/** What this database has of an address. */
interface Country {
  readonly country_code?: string;
}

async function openSystems(
  folder: string | undefined,
): Promise<((ip: string) => AutonomousSystem | undefined) | undefined> {
  if (folder === undefined) return undefined;
  const [four, six]: readonly Systems[] = await Promise.all([
    readSystems(join(folder, 'asn-ipv4-num.csv'), 4),
    readSystems(join(folder, 'asn-ipv6-num.csv'), 6),
  ]);
  return (ip) => (ip.includes(':') ? six : four)?.of(ip);
}
