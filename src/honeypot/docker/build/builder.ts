/**
 * The classic builder: each step answers in its stream as dockerd 20.10 does, RUN is emulated in a container of its own
 * world, and what it and COPY leave is in the image.
 */
import { createHash } from 'node:crypto';
import type { AnswerStream } from '../../http/serve.ts';
import type { Node } from '../../world/files/node.ts';
import { View } from '../../world/files/view.ts';
import type { World } from '../../world/world.ts';
import { extract, makeFolder } from '../archive/extract.ts';
import type { TarEntry } from '../archive/tar.ts';
import { writtenIn } from '../engine/changes.ts';
import { type ContainerConfig, configOf } from '../engine/config.ts';
import { type Engine, newId } from '../engine/engine.ts';
import { DockerError } from '../engine/failure.ts';
import { type Image, madeImage } from '../engine/image.ts';
import { clean } from '../engine/mounts.ts';
import { type Outcome, startProcess } from '../engine/process.ts';
import { requireReachable, sendPull } from '../engine/pull.ts';
import { familiar, parseReference, withDefaultTag } from '../engine/reference.ts';
import { errorMessage, message } from '../json/progress.ts';
import { applyInstruction } from './changes.ts';
import { expand, type Instruction, wordsOf } from './dockerfile.ts';

export interface BuildOptions {
  readonly isQuiet: boolean;
  readonly removes: boolean;
  readonly arguments: ReadonlyMap<string, string>;
}

export interface Built {
  /** Undefined where a step failed; the stream has told why. */
  readonly image: Image | undefined;
  readonly outcomes: readonly Outcome[];
}

/** A step does not run for longer, in milliseconds. */
const longestStep = 20_000;

interface State {
  image: Image | undefined;
  config: ContainerConfig;
  world: World | undefined;
  readonly variables: Map<string, string>;
  readonly declared: Map<string, string>;
  readonly stages: Map<string, Image>;
}

export async function build(
  engine: Engine,
  stream: AnswerStream,
  steps: readonly Instruction[],
  context: readonly TarEntry[],
  options: BuildOptions,
): Promise<Built> {
  const say = async (text: string): Promise<void> => {
    if (!options.isQuiet) await stream.write(message({ stream: text }));
  };
  const state: State = {
    image: undefined,
    config: configOf({}),
    world: undefined,
    variables: new Map(),
    declared: new Map(),
    stages: new Map(),
  };
  const outcomes: Outcome[] = [];
  try {
    for (const [index, step] of steps.entries()) {
      if (stream.isOver) break;
      await say(`Step ${index + 1}/${steps.length} : ${shown(step)}`);
      await say('\n');
      await takeStep(engine, stream, step, context, state, say, options, outcomes);
    }
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const code = /non-zero code: (\d+)$/.exec(error.message)?.[1];
    await stream.write(errorMessage(error.message, code === undefined ? undefined : Number(code)));
    return { image: undefined, outcomes };
  } finally {
    state.world?.close();
  }
  return { image: stream.isOver ? undefined : state.image, outcomes };
}

function shown({ name, text, flags, list }: Instruction): string {
  const words = list === undefined ? text : `[${list.map((one) => JSON.stringify(one)).join(',')}]`;
  return [name, ...flags, words].join(' ').trimEnd();
}

const fails = (text: string): DockerError => new DockerError(500, text);

async function takeStep(
  engine: Engine,
  stream: AnswerStream,
  step: Instruction,
  context: readonly TarEntry[],
  state: State,
  say: (text: string) => Promise<void>,
  options: BuildOptions,
  outcomes: Outcome[],
): Promise<void> {
  const text = step.name === 'RUN' || step.name === 'CMD' ? step.text : expand(step.text, state.variables);
  const layer = (
    createdBy: string,
    size: number,
    files?: ReadonlyMap<string, Node>,
    container = newId(),
  ): Image => {
    const made = madeImage({
      ...(state.image && { parent: state.image }),
      config: configOf({ ...state.config, Image: state.image?.id ?? '' }),
      containerConfig: configOf({
        ...state.config,
        Hostname: container.slice(0, 12),
        Cmd: ['/bin/sh', '-c', createdBy.replace(/^\/bin\/sh -c /, '')],
      }),
      container,
      createdBy,
      size,
      ...(files && { files }),
      // Nobody knows what was installed.
      ...(step.name === 'RUN' && { isKnown: false }),
    });
    state.image = made;
    return made;
  };
  const short = ({ id }: Image): string => id.slice(7, 19);

  if (step.name === 'ARG') {
    const [name = '', value = ''] = splitOnce(text);
    state.variables.set(name, options.arguments.get(name) ?? value);
    state.declared.set(name, options.arguments.get(name) ?? value);
    if (state.image === undefined) return;
  }
  if (step.name === 'FROM') {
    await from(engine, stream, text, state);
    await say(` ---> ${short(state.image!)}\n`);
    return;
  }
  if (state.image === undefined) throw new DockerError(400, 'no build stage in current context');
  if (step.name === 'COPY' || step.name === 'ADD') {
    const { size, files } = copy(engine, state, step, text, context);
    const sum = createHash('sha256').update(`${text}${size}`).digest('hex');
    layer(`/bin/sh -c #(nop) ${step.name} file:${sum} in ${wordsOf(text).at(-1)} `, size, files);
    await say(` ---> ${short(state.image)}\n`);
    return;
  }
  const container = newId();
  await say(` ---> Running in ${container.slice(0, 12)}\n`);
  if (step.name === 'RUN') await run(engine, state, step, stream, options, outcomes, container, layer);
  else {
    const config = step.name === 'ARG' ? state.config : applyInstruction(state.config, step, text);
    state.config = config ?? state.config;
    if (step.name === 'ENV')
      for (const one of state.config.Env ?? []) {
        const [name, value] = splitOnce(one);
        state.variables.set(name, value);
      }
    if (step.name === 'WORKDIR') makeFolder(new View(worldFor(engine, state).files), state.config.WorkingDir);
    layer(
      `/bin/sh -c #(nop)  ${step.name} ${step.list === undefined ? text : `[${step.list.map((one) => JSON.stringify(one)).join(' ')}]`}`,
      0,
      undefined,
      container,
    );
  }
  if (options.removes) await say(`Removing intermediate container ${container.slice(0, 12)}\n`);
  await say(` ---> ${short(state.image)}\n`);
}

function splitOnce(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

async function from(engine: Engine, stream: AnswerStream, text: string, state: State): Promise<void> {
  const [name = '', as = '', stage = ''] = wordsOf(text);
  state.world?.close();
  state.world = undefined;
  if (state.image !== undefined) state.stages.set(String(state.stages.size), state.image);
  const earlier = state.stages.get(name.toLowerCase());
  if (earlier !== undefined) state.image = earlier;
  else if (name === 'scratch') state.image = madeImage({ config: configOf({}), createdBy: '', size: 0 });
  else {
    const reference = withDefaultTag(parseReference(name));
    const label = familiar(reference);
    if (!engine.tags.has(label)) {
      requireReachable(reference);
      await sendPull(stream, engine, reference, false);
    }
    const id = engine.tags.get(label);
    if (id === undefined) throw fails('context canceled');
    state.image = engine.images.get(id)!;
  }
  state.config = configOf({ ...state.image.config });
  if (as.toLowerCase() === 'as') state.stages.set(stage.toLowerCase(), state.image);
  for (const one of state.config.Env ?? []) state.variables.set(...splitOnce(one));
}

/** The files of the build, one world for all steps of a stage. */
function worldFor(engine: Engine, state: State): World {
  if (state.world !== undefined) return state.world;
  const id = newId();
  const world = engine.runtime.createContainer(engine.host(), { id, image: state.image!.origin });
  const view = new View(world.files);
  for (const [path, node] of state.image!.files) {
    makeFolder(view, path.slice(0, path.lastIndexOf('/')) || '/');
    if (node.kind !== 'directory' || !view.exists(path)) world.files.put(path, node);
  }
  state.world = world;
  return world;
}

function copy(
  engine: Engine,
  state: State,
  step: Instruction,
  text: string,
  context: readonly TarEntry[],
): { readonly size: number; readonly files: ReadonlyMap<string, Node> } {
  const words = step.list ?? wordsOf(text);
  const target = words.at(-1) ?? '/';
  const sources = words.slice(0, -1);
  const world = worldFor(engine, state);
  const view = new View(world.files);
  const base = target.startsWith('/') ? target : `${state.config.WorkingDir}/${target}`;
  let size = 0;
  for (const source of sources) {
    // What would be fetched, or comes from another stage, is not there.
    if (/^https?:\/\//.test(source) || step.flags.some((flag) => flag.startsWith('--from='))) continue;
    const found = entriesOf(context, source);
    if (found.length === 0)
      throw fails(
        `${step.name} failed: file not found in build context or excluded by .dockerignore: stat ${clean(source).slice(1)}: file does not exist`,
      );
    const isFolder =
      base.endsWith('/') || sources.length > 1 || found.length > 1 || found[0]!.entry.name.endsWith('/');
    const entries = found.map(({ entry, name }) => ({
      ...entry,
      name: isFolder ? `${clean(base)}/${name}` : clean(base),
      uid: 0,
      gid: 0,
    }));
    size += entries.reduce((sum, { content }) => sum + content.length, 0);
    extract(view, '/', entries);
  }
  return { size, files: writtenIn(world) };
}

/** Of the context, what a source names: a file by its own name, a folder by what is in it, `*` for any part of a name. */
function entriesOf(
  context: readonly TarEntry[],
  source: string,
): { readonly entry: TarEntry; readonly name: string }[] {
  const wanted = clean(source).slice(1);
  const found: { entry: TarEntry; name: string }[] = [];
  for (const entry of context) {
    const path = clean(entry.name).slice(1);
    if (path === '') continue;
    if (wanted === '') found.push({ entry, name: path });
    else if (path === wanted && entry.kind !== 'directory')
      found.push({ entry, name: path.slice(path.lastIndexOf('/') + 1) });
    else if (path.startsWith(`${wanted}/`)) found.push({ entry, name: path.slice(wanted.length + 1) });
    else if (/[*?]/.test(wanted) && matches(path, wanted))
      found.push({ entry, name: path.slice(path.lastIndexOf('/') + 1) });
  }
  return found;
}

/** Shell patterns without backtracking: each `*` takes what it needs, and gives back only to the last one. */
function matches(text: string, pattern: string): boolean {
  let [at, mark, star, next] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next;
      mark = at;
      next += 1;
    } else if (pattern[next] === text[at] || (pattern[next] === '?' && text[at] !== '/')) {
      at += 1;
      next += 1;
    } else if (star >= 0 && text[mark] !== '/') {
      mark += 1;
      at = mark;
      next = star + 1;
    } else return false;
  }
  while (pattern[next] === '*') next += 1;
  return next === pattern.length;
}

async function run(
  engine: Engine,
  state: State,
  { list, text }: Instruction,
  stream: AnswerStream,
  options: BuildOptions,
  outcomes: Outcome[],
  container: string,
  layer: (createdBy: string, size: number, files?: ReadonlyMap<string, Node>, container?: string) => Image,
): Promise<void> {
  const world = worldFor(engine, state);
  const before = writtenIn(world);
  const argv = list ?? [...(state.config.Shell ?? ['/bin/sh', '-c']), text];
  const declared = [...state.declared].map(([name, value]) => `${name}=${value}`);
  const running = startProcess({
    runtime: engine.runtime,
    world,
    options: {
      argv,
      env: [...(state.config.Env ?? []), ...declared],
      cwd: state.config.WorkingDir || '/',
      user: state.config.User,
      tty: false,
      isHurried: true,
      output(channel, bytes) {
        if (options.isQuiet) return;
        const said = Buffer.from(bytes).toString('utf8');
        void stream.write(message({ stream: channel === 2 ? `\u001b[91m${said}\u001b[0m` : said }));
      },
    },
    input: undefined,
  });
  const timer = setTimeout(() => running.kill(137), longestStep);
  const outcome = await running.ended;
  clearTimeout(timer);
  outcomes.push(outcome);
  if (outcome.exitCode !== 0)
    throw fails(`The command '${argv.join(' ')}' returned a non-zero code: ${outcome.exitCode}`);
  const files = writtenIn(world);
  let size = 0;
  for (const [path, node] of files) if (node.kind === 'file' && before.get(path) !== node) size += node.size;
  const prefix = declared.length > 0 ? `|${declared.length} ${declared.join(' ')} ` : '';
  layer(`${prefix}${argv.join(' ')}`, size, files, container);
}
