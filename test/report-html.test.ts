/** The HTML report in a real browser: its own policy must let its style through, and nothing must complain. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { render } from '../src/report/render.ts';
import { cleanReport, hostileReport, maliciousReport } from './fixtures/reports.ts';

const run = promisify(execFile);
const required = process.env.WATERGUARD_REQUIRE_ALL === '1';

test('the HTML report opens in Chromium without a console message', { skip: skipReason() }, async () => {
  const page = await render([cleanReport, maliciousReport, hostileReport()], 'html', {
    colour: false,
    width: 100,
  });
  assert.deepEqual(await consoleMessages(page), []);
});

test('a page whose policy refuses its style is noticed', { skip: skipReason() }, async () => {
  const page = await render([cleanReport], 'html', { colour: false, width: 100 });
  assert.notDeepEqual(await consoleMessages(page.replace('</style>', ' </style>')), []);
});

async function consoleMessages(page: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'waterguard-html-'));
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, page);
    const { stdout, stderr } = await run(
      'chromium',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        `--user-data-dir=${folder}/profile`,
        '--enable-logging=stderr',
        '--dump-dom',
        `file://${file}`,
      ],
      { timeout: 60_000, maxBuffer: 16 << 20 },
    );
    assert.match(stdout, /<article/);
    return stderr.split('\n').filter((line) => line.includes('CONSOLE'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function skipReason(): string | false {
  if (required) return false;
  try {
    execFileSync('chromium', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'chromium is not installed (apt-get install chromium)';
  }
}
