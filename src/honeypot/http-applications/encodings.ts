/** How commands are written in the requests that carry them. */

export const encodings = ['base64', 'json', 'form', 'html', 'java'] as const;
export type Encoding = (typeof encodings)[number];

const undo: Readonly<Record<Encoding, (text: string) => string>> = {
  base64: (text) => Buffer.from(text, 'base64').toString('latin1'),
  /** The inside of a string. */
  json(text) {
    try {
      return String(JSON.parse(`"${text}"`));
    } catch {
      return text;
    }
  },
  /** Blanks as plus signs. */
  form: (text) => text.replaceAll('+', ' '),
  html: (text) => text.replace(/&(amp|lt|gt|quot|apos|#39|#34);/g, (_, name: string) => entities[name]!),
  /** `Runtime.exec(String)` knows no quotes: `bash -c {echo,aWQ=}|{base64,-d}|bash` is three words. */
  java(text) {
    const found = /^\s*((?:\/bin\/)?(?:ba)?sh)\s+-c\s+([^'"\s].*)$/s.exec(text);
    return found === null ? text : `${found[1]} -c '${found[2]!.replaceAll("'", "'\\''")}'`;
  },
};

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#34': '"',
};

export function decoded(text: string, how: readonly Encoding[]): string {
  return how.reduce((plain, one) => undo[one](plain), text);
}
