/**
 * The line discipline of the kernel (termios(3), ICANON and ECHO): what is typed while a program runs, or to a shell
 * without an editor of its own.
 */

/** Bytes of a line, as in Linux. */
const longest = 4095;

export interface CookedEvents {
  echo(text: string): void;
  /** A line with its newline; without it where ^D ended it. */
  line(text: string): void;
  /** ^D where nothing was typed. */
  end(): void;
  interrupt(): void;
}

export class Cooked {
  private readonly events: CookedEvents;
  private text = '';
  hasEcho = true;

  constructor(events: CookedEvents) {
    this.events = events;
  }

  feed(text: string): void {
    for (const char of text) this.take(char);
  }

  /** What was typed of a line that is not over. */
  takeRest(): string {
    const { text } = this;
    this.text = '';
    return text;
  }

  private take(char: string): void {
    switch (char) {
      case '\r':
      case '\n':
        this.echo('\r\n', true);
        this.finish('\n');
        return;
      case '\x03':
        this.echo('^C');
        this.text = '';
        this.events.interrupt();
        return;
      case '\x04':
        if (this.text === '') this.events.end();
        else this.finish('');
        return;
      case '\x08':
      case '\x7f':
        this.erase(1);
        return;
      case '\x15':
        this.erase(this.text.length);
        return;
      case '\x17':
        this.erase(lastWord(this.text));
        return;
      default:
        if (this.text.length >= longest) return;
        this.text += char;
        this.echo(shown(char));
    }
  }

  private finish(end: string): void {
    const line = this.text + end;
    this.text = '';
    this.events.line(line);
  }

  private erase(count: number): void {
    const gone = this.text.slice(this.text.length - count);
    if (count === 0) return;
    this.text = this.text.slice(0, this.text.length - count);
    const width = [...gone].reduce((sum, char) => sum + shown(char).length, 0);
    this.echo('\b \b'.repeat(width));
  }

  /** ECHONL: a newline shows where nothing else does. */
  private echo(text: string, isNewline = false): void {
    if (this.hasEcho || isNewline) this.events.echo(text);
  }
}

/** Length of the last word and the blanks behind it, which ^W takes. */
export function lastWord(text: string): number {
  const end = text.trimEnd().length;
  let start = end;
  while (start > 0 && !/\s/.test(text.charAt(start - 1))) start -= 1;
  return text.length - start;
}

/** ECHOCTL: control characters as `^X`, but for the tab. */
function shown(char: string): string {
  const code = char.charCodeAt(0);
  return code < 0x20 && char !== '\t' ? `^${String.fromCharCode(code + 0x40)}` : char;
}
