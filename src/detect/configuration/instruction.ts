/**
 * The commands that an image's configuration and history hold, in one shape: what runs when a container
 * starts, what ran while the image was built, and what would run in a build on top of it.
 */
import type { HistoryLine, ImageConfig } from '../../image/image.ts';
import { type Command, splitShell } from '../../indicator/shell.ts';

/** `start`: run by a container. `build`: ran once. `trigger`: ONBUILD. */
export type Moment = 'start' | 'build' | 'trigger';

export interface Instruction {
  readonly moment: Moment;
  readonly place: 'config' | 'history';
  readonly key: string;
  readonly layer?: number;
  /** As shown; offsets of `commands` are in it. */
  readonly text: string;
  readonly commands: readonly Command[];
}

/** `ADD https://…` of a history line. */
export interface RemoteAdd {
  readonly key: string;
  readonly layer?: number;
  readonly url: string;
}

/** A Dockerfile's line is at most some kilobytes; what is longer is cut. */
const maxLine = 256 * 1024;
const maxLines = 1000;

export function instructionsOf(config: ImageConfig): readonly Instruction[] {
  const { entrypoint, cmd, healthcheck, onBuild } = config;
  const found: Instruction[] = [];
  if (entrypoint.length > 0) found.push(fromWords('Entrypoint', entrypoint));
  if (cmd.length > 0)
    found.push(
      fromWords('Cmd', entrypoint.length > 0 && isShellPrefix(entrypoint) ? [...entrypoint, ...cmd] : cmd),
    );
  if (healthcheck[0] === 'CMD') found.push(fromWords('Healthcheck', healthcheck.slice(1)));
  if (healthcheck[0] === 'CMD-SHELL')
    found.push(fromText('start', 'config', 'Healthcheck', healthcheck.slice(1).join(' ')));
  for (const line of onBuild.slice(0, maxLines)) {
    const text = /^RUN\s+(.*)$/s.exec(line)?.[1];
    if (text !== undefined) found.push(fromText('trigger', 'config', 'OnBuild', text));
  }
  config.history.slice(0, maxLines).forEach((line, index) => {
    const text = runText(line);
    if (text === undefined) return;
    found.push({
      ...fromText('build', 'history', `history[${index}]`, text),
      ...(line.layer !== undefined && { layer: line.layer }),
    });
  });
  return found;
}

export function remoteAdds(config: ImageConfig): readonly RemoteAdd[] {
  return config.history.slice(0, maxLines).flatMap((line, index): readonly RemoteAdd[] => {
    const url = /(?:^|#\(nop\)\s{1,4})ADD\s.{0,200}?\b((?:https?|ftp):\/\/\S{1,2000})/.exec(
      line.createdBy.slice(0, 4096),
    )?.[1];
    if (url === undefined) return [];
    return [{ key: `history[${index}]`, url, ...(line.layer !== undefined && { layer: line.layer }) }];
  });
}

/** An entrypoint that runs the command as shell text: `["sh", "-c"]`. */
function isShellPrefix(entrypoint: readonly string[]): boolean {
  return (
    /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(entrypoint[0] ?? '') && /^-[a-z]*c$/.test(entrypoint.at(-1) ?? '')
  );
}

/** Exec form: a list of words. A shell in front of one text is left out, so that offsets fit the text. */
export function fromWords(key: string, words: readonly string[]): Instruction {
  const last = words.at(-1) ?? '';
  if (words.length > 2 && isShellPrefix(words.slice(0, -1))) return fromText('start', 'config', key, last);
  const text = words.join(' ').slice(0, maxLine);
  const command: Command = { words, assignments: {}, offset: 0, joined: '', redirects: [], depth: 0 };
  return { moment: 'start', place: 'config', key, text, commands: [command] };
}

function fromText(moment: Moment, place: 'config' | 'history', key: string, line: string): Instruction {
  const text = line.slice(0, maxLine);
  return { moment, place, key, text, commands: splitShell(text) };
}

/**
 * The shell text of a RUN line, as docker (`/bin/sh -c …`, `|1 A=b /bin/sh -c …`), BuildKit (`RUN /bin/sh -c …
 * # buildkit`) and kaniko (`RUN …`) write it; `undefined` for every other instruction.
 */
export function runText(line: Pick<HistoryLine, 'createdBy'>): string | undefined {
  const created = line.createdBy.slice(0, maxLine).trim();
  if (/^(?:\S{1,60}\s+-c\s+)?#\(nop\)/.test(created)) return undefined;
  const shell =
    /^(?:RUN\s+)?(?:\|\d+\s.{0,4000}?)?\/(?:usr\/)?bin\/(?:ba|da|a|z)?sh\s(?:-\S{1,20}\s(?:pipefail\s)?){0,6}?-\w{0,8}c\s/s.exec(
      created,
    );
  const text = shell === null ? /^RUN\s+(.*)$/s.exec(created)?.[1] : created.slice(shell[0].length);
  return text === undefined ? undefined : withoutMark(text).trim();
}

/** BuildKit signs what it writes. */
const buildkitMark = '# buildkit';

function withoutMark(text: string): string {
  return text.endsWith(buildkitMark) ? text.slice(0, -buildkitMark.length) : text;
}
