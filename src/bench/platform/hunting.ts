/** A hunt by the command, as its users start it. */
import { join } from 'node:path';
import type { HuntResult } from '../../api/hunts.ts';
import { said, start, startFile } from '../processes.ts';

export interface Hunted extends HuntResult {
  readonly scanningMs: number;
  /** From the start of the command to its end. */
  readonly commandMs: number;
}

export interface Hunting extends AsyncDisposable {
  /** Of the embedded store. */
  readonly data: string;
  hunt(): Promise<Hunted>;
}

/**
 * A registry on loopback, in a process of its own, and hunts over it.
 * @param bytes of an application that each of its images has to itself
 */
export async function openHunting(folder: string, images: number, bytes = 0): Promise<Hunting> {
  const registry = startFile(new URL('./registry.ts', import.meta.url), [String(images), String(bytes)]);
  const host = await said(registry, /127\.0\.0\.1:\d+/, 600_000).catch(async (error: unknown) => {
    await registry.kill();
    throw error;
  });
  const data = join(folder, 'store');
  const args = ['hunt', `registry:${host}`, '--insecure', '--data', data, '--format', 'json', '--quiet'];
  return {
    data,
    async hunt() {
      const since = performance.now();
      const running = start(args, { XDG_CACHE_HOME: join(folder, 'cache') });
      const code = await running.ended;
      if (code !== 0) throw new Error(`the hunt ended with ${code}: ${running.stderr().slice(-1000)}`);
      const commandMs = performance.now() - since;
      return { ...(JSON.parse(running.stdout()) as HuntResult & { scanningMs: number }), commandMs };
    },
    [Symbol.asyncDispose]: () => registry.kill(),
  };
}
