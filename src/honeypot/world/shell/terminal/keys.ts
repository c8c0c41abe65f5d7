/** Bytes of a terminal as keys: text, control characters, and the sequences of xterm, which may come in pieces. */
import { textOf } from '../bytes.ts';

export type Key =
  | { readonly kind: 'text'; readonly text: string }
  /** By its letter: `C` for ^C; `?` is DEL. */
  | { readonly kind: 'control'; readonly letter: string }
  | { readonly kind: 'move'; readonly to: Move };

export type Move = 'up' | 'down' | 'left' | 'right' | 'home' | 'end' | 'delete' | 'ignored';

const moves: Readonly<Record<string, Move>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  '1~': 'home',
  '7~': 'home',
  '4~': 'end',
  '8~': 'end',
  '3~': 'delete',
};

/** CSI and SS3: ECMA-48, 5.4. */
const sequence = /^\x1b(?:\[([0-9;?]{0,16})([@-~])|O([@-~]))/;
const partial = /^\x1b(?:\[[0-9;?]{0,16}|O)?$/;

export class KeyDecoder {
  private rest = '';

  /** @returns what was recognised; the beginning of a sequence waits for more */
  feed(bytes: Uint8Array): Key[] {
    const keys: Key[] = [];
    let text = this.rest + textOf(bytes);
    this.rest = '';
    while (text !== '') {
      if (partial.test(text)) {
        this.rest = text;
        break;
      }
      const [key, length] = keyAt(text);
      keys.push(key);
      text = text.slice(length);
    }
    return keys;
  }
}

function keyAt(text: string): readonly [Key, number] {
  const code = text.charCodeAt(0);
  if (code === 0x1b) {
    const found = sequence.exec(text);
    // Before a letter it means nothing here.
    if (found === null) return [{ kind: 'move', to: 'ignored' }, Math.min(2, text.length)];
    const [whole, numbers = '', last = '', short] = found;
    const name = short ?? (last === '~' ? `${numbers}~` : last);
    return [{ kind: 'move', to: moves[name] ?? 'ignored' }, whole.length];
  }
  if (code === 0x7f) return [{ kind: 'control', letter: '?' }, 1];
  if (code < 0x20) return [{ kind: 'control', letter: String.fromCharCode(code + 0x40) }, 1];
  const plain = /^[^\0-\x1f\x7f]+/.exec(text)![0];
  return [{ kind: 'text', text: plain }, plain.length];
}
