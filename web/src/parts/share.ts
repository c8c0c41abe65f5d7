/** Shares in words. */

/** `1.6 %`; `<0.1 %` for what is there but little; `0 %` of nothing. */
export function shareWords(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const share = (100 * part) / whole;
  if (share < 0.1) return '<0.1 %';
  return `${share.toFixed(share >= 99.95 ? 0 : 1)} %`;
}
