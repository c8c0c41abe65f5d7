/** Runs scripts by a real shell of this machine, and by ours, in folders of the same names. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { personaOf } from '../../../persona/persona.ts';
import { Quota } from '../../files/quota.ts';
import { View } from '../../files/view.ts';
import type { Input, Output } from '../../program.ts';
import { run } from '../../run.ts';
import { createContainer } from '../../systems/container.ts';
import { createHost } from '../../systems/host.ts';
import type { World } from '../../world.ts';
import type { Dialect } from '../dialect.ts';
import { programs } from './programs.ts';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

type Name = Dialect['name'];
/** As `sh -c script`, `sh file` and `sh < file`. */
export type Way = 'argument' | 'file' | 'input';

const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
const commands: Readonly<Record<Name, string>> = { bash: 'bash', dash: 'dash', ash: 'busybox ash' };

/** Whether this machine has a shell in the version that ours is. */
export function hasReal(name: Name): boolean {
  if (name === 'bash') return said('bash', '--version').startsWith('GNU bash, version 5.2.15');
  if (name === 'dash')
    return existsSync('/usr/share/doc/dash') && said('dash', '-c', 'echo $((1,2))').includes('EOF');
  return said('busybox').startsWith('BusyBox v1.35');
}

function said(program: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'latin1' });
  return stdout || stderr || '';
}

/** Each in a folder of its own below `folder`, by its number. */
export async function runReal(
  name: Name,
  way: Way,
  scripts: readonly string[],
  folder: string,
): Promise<Outcome[]> {
  const start = {
    argument: '-c "$(cat ../$i.sh)" < /dev/null',
    file: '../$i.sh < /dev/null',
    input: '< ../$i.sh',
  }[way];
  for (const [index, script] of scripts.entries()) {
    mkdirSync(`${folder}/${index}`, { recursive: true });
    writeFileSync(`${folder}/${index}.sh`, script);
  }
  const driver = `cd ${folder}; i=0; while [ $i -lt ${scripts.length} ]; do
    cd $i; timeout 5 ${commands[name]} ${start} > ../$i.out 2> ../$i.err
    echo $? > ../$i.code; cd ..; i=$((i+1)); done`;
  await once(spawn('dash', ['-c', driver], { env, stdio: 'ignore' }), 'exit');
  const textOf = (path: string): string => readFileSync(`${folder}/${path}`, 'latin1');
  return scripts.map((_, index) => ({
    stdout: textOf(`${index}.out`),
    stderr: textOf(`${index}.err`),
    exitCode: Number(textOf(`${index}.code`)),
  }));
}

const persona = personaOf('shell tests');

/** ash is found in a container. */
export function testWorld(name: Name = 'bash'): World {
  const host = createHost(persona, new Quota(64 << 20));
  if (name !== 'ash') return host;
  return createContainer(host, { image: 'alpine', id: 'ab'.repeat(32), command: ['/bin/sh'] });
}

export interface Kept extends Output {
  text(): string;
}

/** An output that keeps what was written. */
export function kept(isTerminal = false): Kept {
  const chunks: Buffer[] = [];
  return {
    isTerminal,
    async write(data) {
      chunks.push(Buffer.from(data as Uint8Array));
    },
    text: () => Buffer.concat(chunks).toString('latin1'),
  };
}

export async function runOurs(name: Name, way: Way, script: string, folder: string): Promise<Outcome> {
  const world = testWorld(name);
  makeFolder(world, folder);
  const file = `../${folder.slice(folder.lastIndexOf('/') + 1)}.sh`;
  new View(world.files).in(folder).write(file, Buffer.from(script));
  const args = { argument: ['-c', script], file: [file], input: [] }[way];
  const [stdout, stderr] = [kept(), kept()];
  const faults: unknown[] = [];
  const { exitCode } = await run(world, {
    argv: [name, ...args],
    ...(way === 'input' && { stdin: given(script) }),
    cwd: folder,
    env: new Map(Object.entries(env)),
    stdout,
    stderr,
    pace: 'skip',
    signal: new AbortController().signal,
    programs,
    onFault: (error) => faults.push(error),
  });
  world.close();
  if (faults.length > 0) throw faults[0];
  return { stdout: stdout.text(), stderr: stderr.text(), exitCode };
}

function given(text: string): Input {
  const chunks = [Buffer.from(text)];
  return { isTerminal: false, read: async () => chunks.shift() };
}

function makeFolder(world: World, folder: string): void {
  const files = new View(world.files);
  let path = '';
  for (const name of folder.split('/').slice(1)) {
    path = `${path}/${name}`;
    if (!files.exists(path)) files.mkdir(path);
  }
}
