/**
 * HTML that cannot be broken out of: whatever a template is given is text and escaped, unless it is Markup,
 * and Markup is made by templates only.
 */
import { printable } from '../model/printable.ts';

export interface Markup {
  readonly markup: string;
}

type Content = string | number | Markup | readonly Markup[] | undefined;

/** Text and attribute values; attributes are always written in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let markup = parts[0] ?? '';
  values.forEach((value, index) => {
    markup += written(value) + (parts[index + 1] ?? '');
  });
  return { markup };
}

function written(value: Content): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  if ('markup' in value) return value.markup;
  return value.map((one) => one.markup).join('');
}

/** `#` too, as CI runners act on `##[…` in a log that a page is printed to. */
function escapeText(text: string): string {
  return printable(text).replace(/[&<>"'`#]/g, (character) => `&#${character.charCodeAt(0)};`);
}
