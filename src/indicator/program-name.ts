/** The last part of a path: `xmrig` for `/opt/xmrig`. */
export function programName(word: string | undefined): string {
  return (word ?? '').slice((word ?? '').lastIndexOf('/') + 1);
}
