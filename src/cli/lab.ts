/** `waterguard lab`: scans the built-in harmless sample and explains what it found. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { exit } from './exit.ts';
import { checkWritable, writeResult } from './output.ts';
import { addPrintOptions, type PrintFlags } from './printing.ts';

export function addLab(program: Command, done: (code: number) => void): void {
  addPrintOptions(program.command('lab'))
    .description('the built-in, harmless scenario: build a sample image, scan it, explain the result')
    .addHelpText('after', '\nExample:\n  waterguard lab\n  waterguard lab --format json --output sample.json')
    .action(async (flags: PrintFlags) => done(await lab(flags)));
}

async function lab({ format, output, quiet }: PrintFlags): Promise<number> {
  checkWritable(output);
  const [{ buildSample }, { openSession, scanTarget, defaultLimits }, { render }] = await Promise.all([
    import('../lab/sample.ts'),
    import('../scan/index.ts'),
    import('../report/render.ts'),
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'waterguard-lab-'));
  const session = await openSession({
    rules: [],
    cache: false,
    limits: defaultLimits,
    env: process.env,
    now: () => new Date(),
  });
  try {
    await buildSample(folder);
    const target = `oci:${folder}:sample`;
    const report = await scanTarget(target, session, {
      platform: 'linux/amd64',
      insecure: false,
      env: process.env,
    });
    const reference = 'waterguard/sample:1';
    const artifact = { ...report.artifact, reference };
    const named = { ...report, target: 'the built-in sample image', artifact };
    const options = {
      colour: output === undefined && process.stdout.isTTY === true && !process.env.NO_COLOR,
      width: process.stdout.columns ?? 100,
    };
    const result = await render([named], format, options);
    const isTold = format === 'table' && !quiet;
    await writeResult(isTold ? `${introduction}\n${result}\n${explanation}` : result, output);
    return exit.done;
  } finally {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const introduction = `Waterguard built a small, harmless container image and scanned it. The image looks like a web server.
This is what it hides:
`;

const explanation = `How to read it
  - The verdict follows from stated rules: a strong finding that the container starts makes it malicious.
  - The miner's configuration is reached from the entrypoint: /docker-entrypoint.sh starts
    /opt/cache/worker with --config=/opt/cache/config.json. The wallet's checksum is verified.
  - The access key and the test file are deleted by a later layer. Whoever pulls the image still has them.

Next: ./waterguard scan docker.io/library/nginx:1     (or oci:DIR, docker-archive:FILE, dir:PATH)
      ./waterguard scan --help
`;
