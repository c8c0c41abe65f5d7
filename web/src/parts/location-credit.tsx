/**
 * Whose data says where an address is, on every page that shows it: the licence of DB-IP's asks for the link (CC BY
 * 4.0, https://db-ip.com/db/download/ip-to-asn-lite, read 2026-11). What each package is made of: NOTICE.
 */
import type { ReactNode } from 'react';

interface Located {
  readonly country?: string | undefined;
  readonly asName?: string | undefined;
}

/** Nothing where nothing of the kind is shown. */
export function LocationCredit({ rows }: { readonly rows: readonly Located[] }): ReactNode {
  const hasCountries = rows.some(({ country }) => country !== undefined);
  const hasNetworks = rows.some(({ asName }) => asName !== undefined);
  if (!hasCountries && !hasNetworks) return null;
  return (
    <p className="mt-2 text-[0.92rem] text-soft">
      {hasCountries && (
        <>
          Countries: <Source href="https://github.com/sapics/ip-location-db">ip-location-db</Source>, among
          others from the <Source href="https://www.nro.net">Number Resource Organization</Source> (CC BY
          4.0).{' '}
        </>
      )}
      {hasNetworks && (
        <>
          Networks: <Source href="https://db-ip.com">IP Geolocation by DB-IP</Source>,{' '}
          <Source href="https://www.routeviews.org">Route Views</Source> (CC BY 4.0).
        </>
      )}
    </p>
  );
}

function Source({ href, children }: { readonly href: string; readonly children: string }): ReactNode {
  return (
    <a href={href} className="link" target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
