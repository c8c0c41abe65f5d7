/**
 * Rules are prepared in a process of their own. Parsers and compilers leave 100 MB behind that the system does not get
 * back (November 2026), a quarter of what a scan may take; and whatever a rule does to native code happens there.
 */
import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '../../bare-environment.ts';
import { WaterguardError } from '../../model/error.ts';
import type { Preparation, PreparationAnswer, WrittenRules } from './child.ts';

const defaultEntry = fileURLToPath(new URL(`./child${extname(import.meta.url)}`, import.meta.url));

/**
 * @param entry the program to run
 * @throws WaterguardError as `prepareRules`, and `engine` where the process ends without an answer
 */
export function prepareApart(wanted: Preparation, entry = defaultEntry): Promise<WrittenRules> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, [], {
      execArgv: [],
      env: bareEnvironment(),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.once('message', (answer: PreparationAnswer) => {
      if ('plan' in answer) resolve(answer);
      else reject(new WaterguardError(answer.code, answer.message));
    });
    const failed = (how: string): void =>
      reject(
        new WaterguardError(
          'engine',
          `the rules could not be prepared: the process that compiles them ended (${how}). ` +
            'Leave out folders given with --rules, or added with `waterguard rules add`, to find the one.',
        ),
      );
    child.on('error', (error) => failed(error.message));
    child.once('exit', (code, signal) => failed(signal ?? `exit ${code}`));
    child.send(wanted);
  });
}
