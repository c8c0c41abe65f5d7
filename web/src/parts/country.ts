/** Countries by name. */
const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

/** @param code ISO 3166-1 alpha-2; absent where no data has the address */
export function countryName(code: string | undefined): string {
  if (code === undefined) return 'unknown';
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code;
}
