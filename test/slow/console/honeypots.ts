/** The pages of the honeypots, filled as sensors fill them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import type { Page } from 'playwright-core';
import { start } from '../../../src/bench/processes.ts';
import { sampleDay, sampleSensors } from '../../../src/lab/sample-events.ts';
import { openLocations } from '../../../src/location/locations.ts';
import type { DecoyEvent } from '../../../src/model/event.ts';
import { screenshot, seriousViolations } from '../../fixtures/browser.ts';
import { minutesFromNow, sampleBoot } from '../../fixtures/events.ts';

interface Console {
  readonly url: string;
  /** Its store is in it. */
  readonly folder: string;
  /** Of an admin who is signed in. */
  readonly page: Page;
}

const { missing } = await openLocations();
const unlocated = missing.length > 0 && `not installed: ${missing.join(', ')}`;

export function honeypots(get: () => Console): void {
  it('says how the first sensor comes in, and lets an admin invite one', async () => {
    const { page, url } = get();
    await page.goto(`${url}/honeypots`);
    await page.getByText('No sensor has reported yet').waitFor();
    await page.getByText('waterguard honeypot', { exact: true }).waitFor();
    await screenshot(page, 'honeypots-empty');
    assert.deepEqual(await seriousViolations(page), []);
    await page.getByRole('link', { name: 'invite a sensor' }).click();
    await page.getByRole('button', { name: 'Invite a sensor' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('edge-1');
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^wge_[\w-]{20,}$/).waitFor();
    assert.match(await dialog.innerText(), /waterguard honeypot --server http\S+ --token-file/);
    assert.deepEqual(await seriousViolations(page), []);
    await page.getByRole('button', { name: 'Done' }).click();
  });

  /** As a sensor's file of events. */
  async function deliver(events: readonly DecoyEvent[]): Promise<void> {
    const file = join(get().folder, 'events.ndjson');
    writeFileSync(file, events.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const importing = start(['events', 'import', file, '--data', join(get().folder, 'store')], {});
    assert.equal(await importing.ended, 0, importing.stderr());
  }

  it('shows what sensors deliver, and what comes while one looks at it', async () => {
    const { page, url } = get();
    const dayLength = 86_400_000;
    const yesterday = Date.now() - (Date.now() % dayLength) - dayLength;
    await deliver(sampleSensors.flatMap((sensor) => sampleDay(sensor, yesterday).events));
    await page.goto(`${url}/honeypots?period=7d`);
    await page.getByRole('img', { name: /^Map of sources by country/ }).waitFor();
    await page.getByText('built-in-sample-…').waitFor();
    await page.getByRole('link', { name: 'T1610 Deploy Container' }).first().click();
    await page.getByRole('button', { name: /^T1610 Deploy Container/ }).waitFor();
    await page.getByRole('link', { name: '192.0.2.' }).first().waitFor();
    await page.goto(`${url}/honeypots/sessions`);
    await page
      .getByRole('link', { name: /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\./ })
      .first()
      .waitFor();
    await deliver([
      sampleBoot('late').next({ from: '192.0.2.250', type: 'weave.exec', severity: 'critical' }),
    ]);
    // A day of the sample may have told the feed as much as it takes in an hour: then the list is asked for every 20 s.
    await page.getByRole('link', { name: '192.0.2.250' }).waitFor({ timeout: 45_000 });
  });

  it('counts sources by country, and names whose data that is where it is shown', {
    skip: unlocated,
  }, async () => {
    const { page, url } = get();
    const { next } = sampleBoot('located');
    // Public resolvers, of which it is known where they are.
    const sources = ['8.8.8.8', '8.8.4.4', '193.0.6.139'];
    await deliver(sources.map((from) => next({ from, type: 'http.request' })));
    await page.goto(`${url}/honeypots`);
    const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) });
    await row('United States 2 2 2').waitFor();
    await row('Netherlands 1 1 1').waitFor();
    await row('unknown').waitFor();
    const map = await page.getByRole('img', { name: /^Map of sources/ }).getAttribute('aria-label');
    assert.match(map ?? '', /United States 2/);
    await row('United States').getByRole('link').click();
    await page.getByRole('link', { name: '8.8.8.8' }).waitFor();
    assert.equal(await page.getByRole('link', { name: '193.0.6.139' }).count(), 0);
    const credit = page.getByRole('link', { name: 'IP Geolocation by DB-IP' });
    await credit.waitFor();
    assert.equal(await credit.getAttribute('href'), 'https://db-ip.com');
    await page.goto(`${url}/honeypots/sessions?source=192.0.2.250`);
    await page.getByRole('link', { name: '192.0.2.250' }).waitFor();
    assert.equal(await credit.count(), 0);
  });

  it('shows hostile text of visitors as text', async () => {
    const { page, url } = get();
    const { next } = sampleBoot('hostile');
    const markup = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    const line = `echo ${markup} \u001b[31mred\u001b[0m \u202Etxt.exe\u202C`;
    const from = '192.0.2.251';
    const content = `${markup}\u001b[31m`;
    const sha256 = createHash('sha256').update(content).digest('hex');
    const left = { name: `/tmp/${markup}\u202E`, sha256, size: content.length };
    await deliver([
      next({
        from,
        ts: minutesFromNow(-2),
        type: 'ssh.auth',
        data: { user: markup, password: `\u001b]0;owned\u0007${markup}` },
      }),
      next({
        from,
        ts: minutesFromNow(-1),
        type: 'ssh.exec',
        severity: 'high',
        fp: { ua: markup },
        norm: {
          commands: [line],
          images: [markup],
          hosts: ['example.com'],
          urls: [`http://example.com/${markup}`],
        },
        data: { command: line, output: line, artefacts: [left] },
      }),
    ]);
    await page.goto(`${url}/honeypots/sessions?source=${from}`);
    await page.getByRole('link', { name: from }).click();
    await page.getByRole('heading', { name: `Session of ${from}` }).waitFor();
    const main = page.locator('main');
    await main.getByText('ssh.exec').waitFor();
    await main.locator('summary').first().click();
    const text = await main.innerText();
    for (const shown of [markup, '\\x1b[31mred', '\\xe2\\x80\\xaetxt.exe', `/tmp/${markup}`])
      assert.ok(text.includes(shown), shown);
    assert.doesNotMatch(text, /[\u001b\u0007\u202e]/);
    assert.equal(await main.locator('img, script').count(), 0);
    await fits(page, 'session-hostile');
    const status = await page.evaluate(
      async ([path, body]) => {
        const headers = { 'content-type': 'application/octet-stream' };
        return (await fetch(path!, { method: 'PUT', headers, body: body! })).status;
      },
      [`/v1/artefacts/${sha256}`, content],
    );
    assert.equal(status, 201);
    await main
      .getByRole('link', { name: sha256.slice(0, 24) })
      .first()
      .click();
    await page.getByRole('heading', { name: `File ${sha256.slice(0, 12)}` }).waitFor();
    await fits(page, 'file');
    assert.ok((await main.innerText()).includes(markup));
    await main.getByRole('link', { name: from }).waitFor();
    assert.equal(await main.locator('img, script').count(), 0);
    for (const path of ['/honeypots', '/honeypots/sessions', '/honeypots/credentials', '/honeypots/files']) {
      await page.goto(`${url}${path}`);
      await page.locator('.ghost').first().waitFor({ state: 'detached' });
      assert.equal(await main.locator('img, script').count(), 0, path);
    }
  });

  it('leads by keyboard to everything on the page of the honeypots', async () => {
    const { page, url } = get();
    await page.goto(`${url}/honeypots?period=7d`);
    await page.getByRole('img', { name: /^Map of sources/ }).waitFor();
    await page.locator('.ghost').first().waitFor({ state: 'detached' });
    // A list of tabs hands the focus on to the one that is open.
    const reachable =
      'main :is(a[href], button, input, select, summary, [tabindex="0"]):not([tabindex="-1"], [role="tablist"])';
    const controls = page.locator(reachable);
    const count = await controls.count();
    assert.ok(count > 20, `${count}`);
    await controls.first().focus();
    const reached = new Set<unknown>();
    for (let at = 0; at < count; at++) {
      reached.add(
        await page.evaluate(
          `[...document.querySelectorAll(${JSON.stringify(reachable)})].indexOf(document.activeElement)`,
        ),
      );
      await page.keyboard.press('Tab');
    }
    assert.equal(reached.size, count);
    assert.ok(!reached.has(-1));
  });
}

/** Also on a narrow screen, and for axe. */
async function fits(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await screenshot(page, `${name}-${width}`);
    assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= width, `${width}`);
    assert.deepEqual(await seriousViolations(page), []);
  }
  await page.setViewportSize(size!);
}
