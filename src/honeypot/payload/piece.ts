/** What a text holds that is read in a way of its own. */
import type { Language } from './code-token.ts';

export type Piece =
  /** Of a form that shows when it is read: a request, JSON, code, shell. */
  | { readonly kind: 'text'; readonly text: string }
  /** The same, where it may as well be no commands at all: an argument, a header, a value of JSON. */
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'shell'; readonly text: string }
  /** An argument list. */
  | { readonly kind: 'arguments'; readonly words: readonly string[] }
  | { readonly kind: 'code'; readonly language: Language; readonly text: string }
  /** A reference to an image. */
  | { readonly kind: 'image'; readonly name: string };
