/**
 * Fills in the samples of rules. A sample that looks like a live secret would set off the secret scanners of
 * every host that keeps a copy of the repository, so that rules write `<hex:40>` where random text belongs, and
 * only tests turn it into a secret. The text is the same on every run.
 */
const alphabets: Readonly<Record<string, string>> = {
  digits: '0123456789',
  hex: '0123456789abcdef',
  lower: 'abcdefghijklmnopqrstuvwxyz0123456789',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  alnum: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
};

/** @param sample text with `<alphabet:length>`; `<|>` is empty and breaks up a literal prefix
 *  @param seed for another secret of the same form */
export function fillSample(sample: string, seed = 0x2545f491): string {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return sample.replaceAll('<|>', '').replace(/<([a-z]{3,6}\d{0,2}):(\d{1,4})>/g, (whole, name, length) => {
    const alphabet = alphabets[name];
    if (alphabet === undefined) return whole;
    let out = '';
    for (let count = Number(length); count > 0; count--) out += alphabet[next(alphabet.length)];
    return out;
  });
}
