/**
 * The console in a browser: what its first load takes, and whether a list of a hundred thousand images, scrolled from
 * end to end and then filtered, keeps the page from answering.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { firstLink } from '../../store/first-user.ts';
import { openStore, type Store } from '../../store/open.ts';
import type { Ground } from '../parts.ts';
import { type BenchResult, meets, rounded } from '../result.ts';
import { fill } from './filled-store.ts';
import { serveStore } from './served-store.ts';

const rows = 100_000;
const built = fileURLToPath(new URL('../../../web/dist', import.meta.url));
const chromiumPath = '/usr/bin/chromium';

/** Milliseconds in which a page of so many rows has to be scrolled through. */
const longest = 600_000;

export async function benchConsole({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  if (!existsSync(built)) return [missing('the console is not built: npm run build')];
  if (!existsSync(chromiumPath)) return [missing(`there is no ${chromiumPath}`)];
  const count = Math.max(1000, Math.round(rows * scale));
  const store = await openStore({ env: {}, data: join(folder, 'store'), command: 'bench', exclusive: true });
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    await fill(store, { images: count, layers: count / 20, observables: 0, findings: 0 }, say);
    const served = await serveStore(store, built);
    try {
      return await measure(browser, store, served.origin, { count, say });
    } finally {
      await served.close();
    }
  } finally {
    await browser.close();
    await store.close();
  }
}

function missing(reason: string): BenchResult {
  return { metric: 'the console', value: null, unit: '', runs: 0, holds: null, reason };
}

async function measure(
  browser: Browser,
  store: Store,
  origin: string,
  { count, say }: { readonly count: number; readonly say: Ground['say'] },
): Promise<BenchResult[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const kilobytes = await firstLoad(page, origin, (await firstLink(store.db)).secret);
  say(`the console took ${kilobytes} kB`);
  await page.goto(`${origin}/images`);
  await page.getByRole('row').nth(20).waitFor();
  await page.evaluate(watchTasks);
  const scrolled = await scrollToEnd(page, count);
  say(`${scrolled} rows scrolled through`);
  const scrolling = await page.evaluate<readonly number[]>(takeTasks);
  await page.evaluate('scrollTo(0, 0)');
  await filter(page);
  const filtering = await page.evaluate<readonly number[]>(takeTasks);
  return [
    {
      metric: 'the first load of the console, by gzip',
      value: kilobytes,
      unit: 'kB',
      runs: 1,
      goal: '<= 150',
      holds: meets(kilobytes, '<= 150'),
    },
    {
      metric: `rows of ${count} that were scrolled through`,
      value: scrolled,
      unit: 'rows',
      runs: 1,
      goal: `>= ${count}`,
      holds: scrolled >= count,
    },
    stall(`the longest stall while ${count} images are scrolled through`, scrolling),
    stall('the longest stall while they are filtered', filtering),
  ];
}

function stall(metric: string, tasks: readonly number[]): BenchResult {
  const worst = rounded(Math.max(0, ...tasks));
  return { metric, value: worst, unit: 'ms', runs: 1, goal: '<= 100', holds: meets(worst, '<= 100') };
}

/**
 * By the link of somebody new to the first page drawn: everything but the answers of the API.
 * @returns kB, by gzip, although browsers may take what is smaller still
 */
async function firstLoad(page: Page, origin: string, secret: string): Promise<number> {
  let bytes = 0;
  let plain: string | undefined;
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.startsWith('/v1/')) return;
    const file = join(
      built,
      pathname.startsWith('/assets/') ? pathname : (existing(pathname) ?? 'index.html'),
    );
    const packed = `${file}.gz`;
    bytes += statSync(existsSync(packed) ? packed : file).size;
    if (existsSync(packed) && response.headers()['content-encoding'] === undefined) plain = pathname;
  });
  await page.goto(`${origin}/sign-in#${secret}`);
  await page
    .getByRole('heading', { level: 1 })
    .filter({ hasNotText: /sign in/i })
    .waitFor();
  // Charts load behind the page.
  await sleep(2000);
  if (plain !== undefined) throw new Error(`${plain} was sent as it is, although there is a compressed form`);
  return rounded(bytes / 1000);
}

function existing(pathname: string): string | undefined {
  return pathname !== '/' && existsSync(join(built, pathname)) ? pathname : undefined;
}

/** The browser tells of tasks that took 50 ms or more. */
const watchTasks = `{
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) longTasks.push(one.duration);
  }).observe({ type: 'longtask' });
}`;

const takeTasks = 'longTasks.splice(0)';

/** A screenful in every fourth frame, as fast as anybody turns a wheel. @returns the number of the last row drawn */
async function scrollToEnd(page: Page, count: number): Promise<number> {
  const scroll = `new Promise((done) => {
    const end = performance.now() + ${longest};
    const last = () => Number([...document.querySelectorAll('tr[aria-rowindex]')].at(-1)?.ariaRowIndex ?? 1) - 1;
    const step = () => {
      scrollBy(0, 200);
      if (last() >= ${count} || performance.now() > end) done(last());
      else requestAnimationFrame(step);
    };
    step();
  })`;
  return (await page.evaluate(scroll)) as number;
}

async function filter(page: Page): Promise<void> {
  await page.getByLabel('Verdict').first().selectOption('malicious');
  await page.getByText(/images match/).waitFor();
  await page.getByLabel('Reference, digest or indicator', { exact: true }).fill('team-17');
  await page.getByText(/images match/).waitFor();
  await page.getByRole('button', { name: 'All filters off' }).click();
  await page.getByText(/images match/).waitFor({ state: 'detached' });
}
