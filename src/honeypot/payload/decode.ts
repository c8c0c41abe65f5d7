/**
 * Everything that a text says which an attacker sent: commands, unwrapped and decoded, and whom they contact. Texts hold
 * texts: a request holds JSON, that an argument list, that a crontab, that an encoded script. Nothing is run.
 *
 * The structure is followed first, because it tells a host that is contacted from one in a pattern or a file name.
 * What has no structure that is known (a URL in prose, an encoded string in a header) is looked for afterwards.
 */
import { decodeText } from '../../indicator/decode.ts';
import { refang } from '../../indicator/refang.ts';
import { remembered } from '../../indicator/remembered.ts';
import { findWallets } from '../../indicator/wallet.ts';
import type { Norm } from '../../model/event.ts';
import { minerConfig } from '../../stratum/miner-config.ts';
import { readCode } from './code.ts';
import { createCollection } from './collection.ts';
import { imagesAmong, registryOf } from './container.ts';
import { calledIn, piecesOf } from './form.ts';
import { piecesOfJson } from './json.ts';
import { argumentLine } from './line.ts';
import type { Piece } from './piece.ts';
import { type Place, placeOf, placesIn } from './place.ts';
import { readShell, type ShellSink } from './shell-reading.ts';

/**
 * Texts in texts; characters of the text, of its beginning whose structure is followed, and of all that is followed on
 * its account; such texts; commands of one of them, and of all.
 */
const limits = {
  depth: 6,
  text: 1 << 20,
  structure: 128 * 1024,
  all: 384 * 1024,
  pieces: 400,
  commands: 1500,
  allCommands: 2000,
} as const;

/**
 * What a text says, in normal form; also one that a report made harmless (`hxxp://192.0.2[.]1`). At most 1 MiB of it is
 * read. Hosts are domains and addresses, private ones included, those of the machine itself not; wallets have a right
 * checksum. Attackers repeat themselves, so recent answers are kept.
 */
export const decodePayload: (text: string) => Norm = remembered(readPayload, {
  most: 500,
  longest: 16 * 1024,
});

function readPayload(text: string): Norm {
  const found = createCollection();
  const whole = refang(upTo(text, limits.text));
  const seen = new Set<string>();
  const mentioned: string[] = [];
  /** Texts that were read and hold no others in a form of their own. */
  const leaves: string[] = [];
  let left: number = limits.all;
  let pieces: number = limits.pieces;
  let commands: number = limits.allCommands;

  const beginning = upTo(whole, limits.structure);
  const parts = whole.length > beginning.length ? piecesOfJson(whole) : undefined;
  for (const piece of parts ?? [{ kind: 'text', text: beginning } as const]) read(piece, 0);
  for (const decoded of decodeText(beginning)) read({ kind: 'value', text: decoded.text }, 1);
  for (const leaf of leaves) addRest(leaf);
  addRest(whole.slice(beginning.length));
  return found.norm();

  function read(piece: Piece, depth: number): void {
    if (piece.kind === 'image') {
      for (const name of imagesAmong([piece.name])) addImage(name);
      return;
    }
    const content = piece.kind === 'arguments' ? argumentLine(piece.words) : piece.text;
    const key = piece.kind === 'code' ? `${piece.language} ${content}` : content;
    if (content.length > left || depth > limits.depth || pieces <= 0 || commands <= 0 || seen.has(key))
      return;
    pieces--;
    left -= content.length;
    seen.add(key).add(content);
    if (piece.kind === 'code') {
      leaves.push(content);
      readProgram(piece, depth);
      return;
    }
    const parts = piece.kind === 'text' || piece.kind === 'value' ? piecesOf(content) : undefined;
    if (parts !== undefined) {
      for (const part of parts) read(part, depth + 1);
      return;
    }
    leaves.push(content);
    const called = piece.kind === 'shell' || piece.kind === 'arguments' ? undefined : calledIn(content);
    const isShell = readShell(content, piece.kind !== 'value' && called === undefined, sinkAt(depth));
    if (called !== undefined && !isShell) read(called, depth);
  }

  function readProgram({ language, text: code }: Piece & { kind: 'code' }, depth: number): void {
    const reading = readCode(language, code);
    for (const place of reading.places) contact(place);
    for (const part of reading.pieces) read(part, depth + 1);
    addWallets(code);
  }

  function sinkAt(depth: number): ShellSink {
    return {
      room(wanted) {
        const given = Math.min(wanted, limits.commands, commands);
        commands -= given;
        return given;
      },
      command: (line) => found.add('commands', line),
      contact,
      words: addWallets,
      mentioned: (words) => mentioned.push(words),
      ran: (text) => seen.add(text),
      stage: (piece) => read(piece, depth + 1),
    };
  }

  function contact({ host, url }: Place): void {
    found.add('hosts', host);
    if (url !== undefined) found.add('urls', url);
  }

  function addImage(name: string): void {
    found.add('images', name);
    const place = registryOf(name);
    if (place !== undefined) contact(place);
  }

  function addWallets(words: string): void {
    if (words.length < 26) return;
    for (const { wallet } of findWallets(words)) if (wallet.verified) found.add('wallets', wallet.address);
  }

  /** Hosts that no command names, and are not in a pattern either. */
  function addRest(rest: string): void {
    const isOther = (value: string): boolean => !mentioned.some((words) => words.includes(value));
    for (const place of placesIn(rest))
      if (!found.has('hosts', place.host) && isOther(place.host)) contact(place);
    for (const { wallet } of findWallets(rest))
      if (wallet.verified && isOther(wallet.address)) found.add('wallets', wallet.address);
    // With comments or commas that JSON does not have.
    if (/"url"\s{0,8}:/.test(rest))
      for (const { pool } of minerConfig(rest)) {
        const place = pool && placeOf(pool.host, 'host');
        if (place !== undefined) contact(place);
      }
  }
}

/** The beginning of a text, cut between words where there is a place for it: half a URL has another host. */
function upTo(text: string, length: number): string {
  if (text.length <= length) return text;
  const window = text.slice(length - longestWord, length);
  const blank = Math.max(window.lastIndexOf('\n'), window.lastIndexOf(' '));
  return text.slice(0, blank < 0 ? length : length - longestWord + blank + 1);
}

const longestWord = 4096;
