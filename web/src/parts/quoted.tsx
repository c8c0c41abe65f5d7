/**
 * Text that comes from artefacts, and is hostile: names, paths, history lines, excerpts. It is shown as text, left to
 * right and apart from what stands beside it, and never becomes a link.
 */
import { type ReactNode, useState } from 'react';
import { shortDigest } from '../../../src/report/wording.ts';

/** As in `src/model/printable.ts`: control, format, surrogates, private use, line and paragraph separators. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const encoder = new TextEncoder();

/** What neither is seen nor may act becomes `\xNN` for each of its bytes. The server does so too; nothing relies on it. */
export function visible(text: string): string {
  return text.replace(unsafe, (character) => {
    let out = '';
    for (const byte of encoder.encode(character)) out += '\\x' + byte.toString(16).padStart(2, '0');
    return out;
  });
}

export function Quoted({
  text,
  className = '',
}: {
  readonly text: string;
  readonly className?: string;
}): ReactNode {
  return (
    <bdi dir="ltr" className={className}>
      {visible(text)}
    </bdi>
  );
}

/** The same in fixed width: paths, references, values. Broken behind a slash where it can be, else anywhere. */
export function Mono({
  text,
  className = '',
}: {
  readonly text: string;
  readonly className?: string;
}): ReactNode {
  return (
    <code dir="ltr" className={`[overflow-wrap:anywhere] [unicode-bidi:isolate] ${className}`}>
      {breakable(visible(text))}
    </code>
  );
}

function breakable(text: string): ReactNode {
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const part of text.split(/(?<=\/)(?=[^/])/)) {
    if (at > 0) pieces.push(<wbr key={at} />);
    pieces.push(part);
    at += part.length;
  }
  return pieces;
}

/** Evidence as it was found. */
export function Excerpt({ text }: { readonly text: string }): ReactNode {
  return <Block text={visible(text)} />;
}

/** What was typed or printed, line by line; only ends of lines and tabs do what they do at a terminal. */
export function Lines({ text }: { readonly text: string }): ReactNode {
  const lines = text.replace(/(?:\r?\n)+$/, '').split(/\r?\n/);
  return <Block text={lines.map((line) => line.split('\t').map(visible).join('\t')).join('\n')} />;
}

function Block({ text }: { readonly text: string }): ReactNode {
  return (
    <code
      dir="ltr"
      className="mt-1 block border-l-2 border-line bg-panel px-2 py-1 [overflow-wrap:anywhere] whitespace-pre-wrap"
    >
      {text}
    </code>
  );
}

/** Twelve digits of a digest; a press copies the whole. */
export function Digest({ digest }: { readonly digest: string }): ReactNode {
  return <Copyable text={digest} shown={shortDigest(digest)} />;
}

export function Copyable({
  text,
  shown = text,
}: {
  readonly text: string;
  readonly shown?: string;
}): ReactNode {
  const [copied, setCopied] = useState(false);
  // Browsers offer the clipboard to pages of https and of this machine only.
  if (navigator.clipboard === undefined) return <Mono text={text} />;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button
      type="button"
      title={`Copy ${visible(text)}`}
      onClick={() => void copy()}
      className="cursor-copy rounded-[2px] text-left hover:bg-panel"
    >
      <Mono text={shown} />
      <span aria-live="polite" className="text-soft">
        {copied ? ' copied' : ''}
      </span>
    </button>
  );
}
