/** The console as an analyst uses it, against `waterguard up` and a registry of samples. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Running, said, start } from '../../src/bench/processes.ts';
import { type LabRegistry, serveRegistry } from '../../src/lab/registry.ts';
import { sampleImages, wallet } from '../../src/lab/sample-images.ts';
import { openBrowser, screenshot, seriousViolations } from '../fixtures/browser.ts';
import { skipWithout } from '../fixtures/programs.ts';
import { honeypots } from './console/honeypots.ts';

const root = join(import.meta.dirname, '../..');
const samples = sampleImages(40);
describe('the console', { skip: skipWithout('chromium') }, () => {
  let folder: string;
  let registry: LabRegistry;
  let up: Running;
  let url: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
      {
        cwd: join(root, 'web'),
        stdio: 'inherit',
      },
    );
    folder = mkdtempSync(join(tmpdir(), 'waterguard-console-'));
    registry = await serveRegistry(samples);
    up = start(['up', '--data', join(folder, 'store'), '--listen', '127.0.0.1:0'], {
      XDG_CACHE_HOME: join(folder, 'cache'),
    });
    url = await said(up, /listening on (http:\S+)/, 120_000);
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });
  after(async () => {
    await browser?.close();
    await up?.kill();
    await registry?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('signs in by the printed link, which then stands nowhere', async () => {
    const link = await said(up, /(http:\S+\/sign-in#[\w-]+)/);
    await page.goto(link);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.equal(page.url(), `${url}/`);
  });

  it('starts a hunt and follows it to its end without a reload', async () => {
    await page.goto(`${url}/images`);
    await page.getByRole('button', { name: 'Start a hunt' }).first().click();
    await page.getByRole('textbox', { name: 'Source' }).fill(`registry:${registry.host}`);
    await page.getByLabel(/Plain HTTP/).check();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL(/\/hunts\/\d+/);
    await page
      .getByText(/running/i)
      .first()
      .waitFor();
    await screenshot(page, 'hunt-running');
    const main = page.locator('main');
    for (const category of ['cryptomining', 'embedded-secret'])
      await main.getByText(category).first().waitFor({ timeout: 120_000 });
    // It is there for as long as the hunt runs.
    const cancel = page.getByRole('button', { name: 'Cancel the hunt' });
    await cancel.waitFor({ state: 'detached', timeout: 120_000 });
  });

  it('finds an image by a wallet and shows why it is bad', async () => {
    const number = samples.findIndex((one) => one.categories.includes('cryptomining'));
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(wallet(number));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/images\?q=/);
    await page.getByRole('link', { name: new RegExp(`cache-${number}:1`) }).click();
    await page
      .getByRole('region', { name: 'Verdict' })
      .getByText(/malicious/i)
      .first()
      .waitFor();
    const text = await page.locator('main').innerText();
    assert.match(text, /Configuration of a cryptocurrency miner/);
    assert.match(text, /\/opt\/cache\/config\.json/);
  });

  it('shows the evidence of a file that a later layer deletes', async () => {
    const number = samples.findIndex((one) => one.categories.includes('embedded-secret'));
    await page.goto(`${url}/images?q=backend-${number}`);
    await page.getByRole('link', { name: new RegExp(`backend-${number}:1`) }).click();
    await page.getByText('/root/.aws/credentials').first().waitFor();
    const text = await page.locator('main').innerText();
    assert.match(text, /deleted/i);
    assert.match(text, /COPY \.aws \/root\/\.aws/);
    assert.doesNotMatch(text, /aws_secret_access_key = \S{40}/);
  });

  it('ignores a finding until a date, which changes the verdict, and undoes it', async () => {
    await page
      .getByRole('button', { name: /^Ignore:/ })
      .first()
      .click();
    await page.getByLabel('Reason').fill('A key of the test, revoked.');
    await page.getByRole('button', { name: 'Ignore', exact: true }).click();
    await page.getByRole('region', { name: 'Verdict' }).getByText(/clean/i).first().waitFor();
    await page.getByText('1 ignored finding').click();
    await screenshot(page, 'ignored');
    await page
      .getByRole('button', { name: /^Undo the ignore/ })
      .first()
      .click();
    await page.getByRole('region', { name: 'Verdict' }).getByText(/risky/i).first().waitFor();
  });

  honeypots(() => ({ url, folder, page }));

  for (const [name, path] of [
    ['overview', '/'],
    ['images', '/images'],
    ['image', '/images/1'],
    ['findings', '/findings'],
    ['hunts', '/hunts'],
    ['hunt', '/hunts/1'],
    ['users', '/settings/users'],
    ['jobs', '/settings/jobs'],
    ['notifications', '/settings/channels'],
    ['system', '/settings/system'],
    ['honeypots', '/honeypots?period=7d'],
    ['sessions', '/honeypots/sessions'],
    ['session', '/honeypots/sessions/1'],
    ['sources', '/honeypots/sources?period=7d'],
    ['credentials', '/honeypots/credentials?period=7d'],
    ['files', '/honeypots/files?period=7d'],
    ['sensors', '/honeypots/sensors'],
  ] as const) {
    for (const scheme of ['light', 'dark'] as const) {
      for (const [width, height] of [
        [1280, 800],
        [390, 844],
      ] as const) {
        it(`${name} at ${width}, ${scheme}: fits, and axe has nothing serious to say`, async () => {
          const view = await context.newPage();
          try {
            await view.emulateMedia({ colorScheme: scheme });
            await view.setViewportSize({ width, height });
            await view.goto(`${url}${path}`);
            await view.locator('h1').first().waitFor();
            await view.waitForLoadState('load');
            await view.locator('[aria-busy=true], .ghost').first().waitFor({ state: 'detached' });
            await screenshot(view, `${name}-${width}-${scheme}`);
            const overflow = await view.evaluate('document.documentElement.scrollWidth - window.innerWidth');
            assert.ok(Number(overflow) <= 0, `${overflow} pixels too wide`);
            assert.deepEqual(await seriousViolations(view), []);
          } finally {
            await view.close();
          }
        });
      }
    }
  }

  it('has complained of nothing meanwhile', () => {
    assert.deepEqual(complaints, []);
  });
});
