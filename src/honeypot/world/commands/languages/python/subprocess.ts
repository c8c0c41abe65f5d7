/** `subprocess`: commands with their outputs piped, shown or thrown away. */

import { type Desk, functions, shell, wordsOf } from './desk.ts';
import { fileOf } from './files.ts';
import type { Outcome } from './machine.ts';
import { isList, isTrue, listOf, Raised, reprOf, textOf, thing, unknown, type Value } from './value.ts';

/** Where an output is to go. */
const [pipe, toStdout, nowhere] = [-1n, -2n, -3n];

export function subprocessModule(desk: Desk): Record<string, Value> {
  /** @returns what it printed, where somebody asked for it; else that went to the cell's output */
  async function start(args: readonly Value[], named: ReadonlyMap<string, Value>) {
    const [command = ''] = args;
    const usesShell = isTrue(named.get('shell') ?? false);
    const argv = usesShell
      ? shell(isList(command) ? textOf(command.items[0] ?? '') : textOf(command))
      : wordsOf(command);
    const input = named.get('input');
    const cwd = named.get('cwd');
    const isPiped = (name: string): boolean =>
      isTrue(named.get('capture_output') ?? false) || named.get(name) === pipe;
    const ran = await desk.machine.run(argv, {
      cwd: typeof cwd === 'string' ? cwd : desk.cwd,
      env: desk.environment,
      ...(Buffer.isBuffer(input) && { input }),
      ...(typeof input === 'string' && { input: Buffer.from(input) }),
      isMerged: named.get('stderr') === toStdout,
      isShown:
        input === undefined &&
        !isTrue(named.get('capture_output') ?? false) &&
        !named.has('stdout') &&
        !named.has('stderr'),
    });
    if (ran.exitCode === 127 && !usesShell)
      throw new Raised('FileNotFoundError', `[Errno 2] No such file or directory: ${reprOf(argv[0] ?? '')}`);
    const isText = ['text', 'universal_newlines', 'encoding'].some((name) =>
      isTrue(named.get(name) ?? false),
    );
    const as = (bytes: Buffer, name: string): Value => {
      if (isPiped(name)) return isText ? bytes.toString('utf8') : bytes;
      if (named.get(name) !== nowhere)
        desk.write(name === 'stderr' ? 'stderr' : 'stdout', bytes.toString('utf8'));
      return null;
    };
    return { ran, command, stdout: as(ran.output, 'stdout'), stderr: as(ran.errors, 'stderr'), isText };
  }

  return {
    ...functions({
      async run(args, named) {
        const { ran, command, stdout, stderr } = await start(args, named);
        const shown = [
          `args=${reprOf(command)}`,
          `returncode=${ran.exitCode}`,
          ...(stdout === null ? [] : [`stdout=${reprOf(stdout)}`]),
          ...(stderr === null ? [] : [`stderr=${reprOf(stderr)}`]),
        ];
        if (isTrue(named.get('check') ?? false)) requireSuccess(command, ran);
        return thing(
          'CompletedProcess',
          { args: command, returncode: BigInt(ran.exitCode), stdout, stderr },
          `CompletedProcess(${shown.join(', ')})`,
        );
      },
      async call(args, named) {
        return BigInt((await start(args, named)).ran.exitCode);
      },
      async check_call(args, named) {
        const { ran, command } = await start(args, named);
        requireSuccess(command, ran);
        return 0n;
      },
      async check_output(args, named) {
        const { ran, command, stdout } = await start(args, new Map([...named, ['stdout', pipe]]));
        requireSuccess(command, ran);
        return stdout;
      },
      async getoutput([line = '']) {
        return (await desk.machine.run(shell(textOf(line)), { ...desk, isMerged: true })).output
          .toString('utf8')
          .replace(/\n$/, '');
      },
      async getstatusoutput([line = '']) {
        const { exitCode, output } = await desk.machine.run(shell(textOf(line)), { ...desk, isMerged: true });
        return listOf([BigInt(exitCode), output.toString('utf8').replace(/\n$/, '')], 'tuple');
      },
      async Popen(args, named) {
        const { ran, command, stdout, stderr, isText } = await start(args, named);
        const code = BigInt(ran.exitCode);
        const stream = (value: Value): Value =>
          value === null ? null : fileOf(Buffer.from(value as string), !isText);
        return thing(
          'Popen',
          {
            ...functions({
              communicate: () => listOf([stdout, stderr], 'tuple'),
              wait: () => code,
              poll: () => code,
              kill: () => null,
              terminate: () => null,
            }),
            pid: BigInt(desk.machine.world.nextPid - 1),
            returncode: code,
            args: command,
            stdout: stream(stdout),
            stderr: stream(stderr),
            stdin: unknown,
          },
          `<Popen: returncode: None args: ${reprOf(command)}>`,
        );
      },
    }),
    PIPE: pipe,
    STDOUT: toStdout,
    DEVNULL: nowhere,
  };
}

function requireSuccess(command: Value, { exitCode }: Outcome): void {
  if (exitCode === 0) return;
  throw new Raised(
    'CalledProcessError',
    `Command ${isList(command) ? `'${reprOf(command)}'` : reprOf(command)} returned non-zero exit status ${exitCode}.`,
  );
}
