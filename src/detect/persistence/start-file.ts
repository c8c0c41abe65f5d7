/** What crontabs, units, profiles and scripts would do that no administrator does. */
import { splitShell } from '../../indicator/shell.ts';
import { unwrapCommands } from '../../indicator/shell-unwrap.ts';
import { controlOf } from '../configuration/control.ts';
import { excerptOf } from '../configuration/excerpt.ts';
import { type Loader, loadersOf } from '../configuration/loader.ts';
import type { Origin } from '../configuration/origin.ts';
import type { OpenFile } from '../detector.ts';
import { splitFormat } from '../start/formats.ts';
import { startPlace } from '../start/locations.ts';
import { type Found, kinds } from './kinds.ts';

/** Literals without which a script has no work for us. */
export const scriptAnchors = {
  curl: { text: 'curl', kinds: ['script', 'text'] },
  wget: { text: 'wget', kinds: ['script', 'text'] },
  base64: { text: 'base64', kinds: ['script', 'text'] },
  device: { text: '/dev/tcp', kinds: ['script', 'text'] },
  netcat: { text: 'nc -', kinds: ['script', 'text'] },
  kill: { text: 'kill', kinds: ['script', 'text'] },
  openssl: { text: 'openssl', kinds: ['script', 'text'] },
  agent: { text: 'aliyun', nocase: true, kinds: ['script', 'text'] },
} as const;

const shellScript = /^#![ \t]{0,4}\S{0,60}(?:sh|env[ \t]{1,4}(?:ba|da|z|k|a)?sh)\b/;

/** `cu""rl`, `w\get`, `ba's'h`: quoted for no other reason than to keep a word from being found. */
const splitWord = /[a-z](?:""|''|\\(?![nrtb])|"[a-z]"|'[a-z]'|\$[@*])[a-z]/;

/** How sure one can be of a loader: `start` in a file that starts by itself, `script` in any other script. */
const fetched: Readonly<Record<'start' | 'script', Readonly<Record<Origin, number>>>> = {
  start: {
    local: 0.2,
    official: 0.45,
    variable: 0.5,
    named: 0.7,
    hosted: 0.75,
    plain: 0.8,
    address: 0.88,
    anonymous: 0.88,
  },
  script: {
    local: 0.1,
    official: 0.1,
    variable: 0.2,
    named: 0.3,
    hosted: 0.3,
    plain: 0.5,
    address: 0.7,
    anonymous: 0.75,
  },
};

/** The same in a script that turns out to be started with the container: what it fetches is what runs. */
const fetchedWhenStarted: Readonly<Record<Origin, number>> = {
  local: 0.1,
  official: 0.2,
  variable: 0.3,
  named: 0.5,
  hosted: 0.65,
  plain: 0.7,
  address: 0.88,
  anonymous: 0.88,
};

/** Of what a script installs first, as scripts do with most software; a container that does so at each start is told. */
const installed: Readonly<Record<Origin, number>> = {
  local: 0.1,
  official: 0.1,
  variable: 0.1,
  named: 0.1,
  hosted: 0.1,
  plain: 0.2,
  address: 0.6,
  anonymous: 0.6,
};

/** How sure one can be of a program that is decoded, by what it turns out to be. */
const decoded: Readonly<Record<'start' | 'script', Readonly<Record<Loader['content'], number>>>> = {
  start: { hostile: 0.85, unknown: 0.5, harmless: 0.25 },
  script: { hostile: 0.6, unknown: 0.2, harmless: 0.1 },
};

const decodedWhenStarted: Readonly<Record<Loader['content'], number>> = {
  hostile: 0.8,
  unknown: 0.3,
  harmless: 0.2,
};

export function inspectStartFile(file: OpenFile): readonly Found[] {
  const place = startPlace(file.path);
  const anchored = place !== undefined || hasAnchor(file);
  if (!anchored && file.kind !== 'script') return [];
  const text = file.bytes.toString('latin1');
  if (place === undefined && text.startsWith('#!') && !shellScript.test(text.slice(0, 200))) return [];
  if (!anchored && !splitWord.test(text)) return [];
  const commands = place === undefined ? splitShell(text) : splitFormat(text, place.format, file.path);

  const found = loadersOf(commands, text.length).map((loader) =>
    ofLoader(loader, text, place === undefined ? 'script' : 'start'),
  );
  for (const command of unwrapCommands(commands)) {
    const quoted = () => excerptOf(command.words.join(' '));
    const control = controlOf(command);
    if (control === 'agent-removed' || control === 'rivals-killed') {
      const kind = control === 'agent-removed' ? kinds.agentRemoved : kinds.rivalsKilled;
      found.push({
        kind,
        confidence: 0.6,
        subject: 'text',
        excerpt: quoted(),
        offset: command.offset,
        length: 1,
      });
    }
    const hidden = place === undefined ? 0 : hiding(command.words);
    if (hidden > 0) {
      found.push({
        kind: kinds.startsHidden,
        confidence: hidden,
        subject: 'text',
        excerpt: quoted(),
        offset: command.offset,
        length: 1,
      });
    }
  }
  return found;
}

function hasAnchor(file: OpenFile): boolean {
  return Object.keys(scriptAnchors).some((name) => file.hits(name).length > 0);
}

function ofLoader(loader: Loader, text: string, where: 'start' | 'script'): Found {
  const { offset, length } = loader;
  const excerpt = loader.decoded ? excerptOf(loader.decoded) : excerptOf(text, offset, length);
  const place = { subject: 'text', excerpt, offset, length } as const;
  switch (loader.kind) {
    case 'reverse-shell':
      return { kind: kinds.reverseShell, confidence: where === 'start' ? 0.88 : 0.75, ...place };
    case 'payload':
      return {
        kind: where === 'start' ? kinds.startLoader : kinds.scriptLoader,
        confidence: decoded[where][loader.content],
        ...(where === 'script' && { whenStarted: decodedWhenStarted[loader.content] }),
        ...place,
      };
    case 'download':
      return {
        kind: where === 'start' ? kinds.startLoader : kinds.scriptLoader,
        confidence: (loader.installed && where === 'script' ? installed : fetched[where])[loader.origin],
        ...(where === 'script' && { whenStarted: fetchedWhenStarted[loader.origin] }),
        ...place,
      };
    default:
      return loader.kind satisfies never;
  }
}

const temporary = /^\/(?:tmp|var\/tmp|dev\/shm|dev\/mqueue)\/[^*\s]/;
/** Dotted folders of a home hold programs of users' tools. */
const hiddenPath =
  /^\/[^*]*\/\.(?!local\/|config\/|cargo\/|nvm\/|rvm\/|pyenv\/|rbenv\/|sdkman\/|bun\/|deno\/|asdf\/|npm|yarn\/|ghcup\/|profile|bash|zsh|oh-my|xsession|xinit)[^/]+/;

/** How much the place of the program that a command runs speaks for an intruder. */
function hiding(words: readonly string[]): number {
  const [program = '', ...args] = words;
  const interpreted = /(?:^|\/)(?:(?:ba|da|a|z|k)?sh|python[\d.]*|perl|node|php|ruby|\.|source)$/.test(
    program,
  );
  const path = interpreted ? (args.find((arg) => !arg.startsWith('-')) ?? '') : program;
  if (!path.startsWith('/')) return 0;
  if (temporary.test(path)) return /\/\./.test(path) ? 0.8 : 0.65;
  return hiddenPath.test(path) || /\/(?:\.{3,}|\s+)\//.test(path) ? 0.6 : 0;
}
