import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { notice as plain } from '../../test/fixtures/notices.ts';
import { deliver } from './deliver.ts';
import { messageOf } from './message.ts';
import type { NoticeDraft } from './notice.ts';
import { systemPorts } from './ports.ts';
import { escaped, slackBody } from './slack.ts';

const notice = (number: number, parts: Partial<NoticeDraft> = {}) =>
  plain(number, { link: `https://wg.example/findings/${number}`, ...parts });

/** All text that Slack is given. */
function textsOf(body: ReturnType<typeof slackBody>): string[] {
  const texts = body.blocks.flatMap((block) => (block.type === 'context' ? block.elements : [block.text]));
  return [body.text, ...texts.map((one) => one.text)];
}

describe('a message to Slack', () => {
  it('cannot be made to ping anybody or to pose as a link', () => {
    const hostile = notice(1, {
      title:
        '<!channel> @channel (@here) <@U123> image@sha256:00 & <https://evil.example|Open in Waterguard>',
      reference: 'evil/[click](https://evil.example)',
      lines: ['@everyone', '[x][1] https://evil.example'],
    });
    const body = slackBody(messageOf('wg_1', [hostile]));
    for (const text of textsOf(body)) {
      const links = text.match(/<[^>]*>/g) ?? [];
      assert.deepEqual(
        links.filter((link) => link !== '<https://wg.example/findings/1|Open in Waterguard>'),
        [],
      );
      assert.doesNotMatch(text, /(^|[^A-Za-z0-9])@/);
      assert.doesNotMatch(text, /\]\(|\]\[|\w:\/\/(?!wg\.example)/);
      assert.doesNotMatch(text, /&(?!amp;|lt;|gt;)/);
    }
    assert.ok(body.text.includes('image@sha256:00 &amp; '));
    assert.equal(body.parse, 'none');
    for (const block of body.blocks) {
      if (block.type !== 'context') assert.equal(block.text.type, 'plain_text');
    }
  });

  it('stays within the limits of Slack with 500 notices of the worst text', () => {
    const worst = '&<>'.repeat(200);
    const many = Array.from({ length: 500 }, (_, number) =>
      notice(number, { title: worst, reference: worst, lines: Array(20).fill(worst) }),
    );
    for (const notices of [many, many.slice(0, 1), many.slice(0, 2)]) {
      const body = slackBody(messageOf('wg_1', notices));
      assert.ok(body.blocks.length <= 50);
      let total = 0;
      for (const text of textsOf(body).slice(1)) {
        assert.ok(text.length >= 1 && text.length <= 3000);
        assert.doesNotMatch(text, /&(?!amp;|lt;|gt;)/);
        total += text.length;
      }
      assert.ok(total <= 13_000, `${total}`);
      assert.ok(body.text.length <= 4000);
      assert.doesNotMatch(body.text, /&(?!amp;|lt;|gt;)/);
      assert.ok((textsOf(body)[1]?.length ?? 0) <= 150);
    }
    const last = textsOf(slackBody(messageOf('wg_1', many))).at(-1);
    assert.equal(last, '… and 480 more, of 500 high in all');
  });

  it('is escaped to its limit and not cut inside an escape', () => {
    assert.equal(escaped('a<b', 6), 'a&lt;b');
    assert.equal(escaped('a<b', 5), 'a…');
    assert.equal(escaped('<<', 6), '&lt;…');
    assert.equal(escaped('a😀b', 3), 'a…');
  });

  it('is delivered with 200, and tells the word with which Slack refuses it', async () => {
    const answers: [number, string][] = [
      [200, 'ok'],
      [400, 'invalid_payload'],
      [404, 'No such hook: /services/T0/B0/s3cret'],
      [404, 'xyz_path'],
    ];
    const bodies: string[] = [];
    const server = http.createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const [status, answer] = answers[bodies.length] ?? [500, ''];
      bodies.push(body);
      response.writeHead(status).end(answer);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const port = (server.address() as AddressInfo).port;
    const url = `http://127.0.0.1:${port}/services/T0/xyz_path/s3cret`;
    const message = messageOf('wg_1', [notice(1)]);
    const details: string[] = [];
    for (const _ of answers) {
      const outcome = await deliver({ kind: 'slack', url }, message, systemPorts, AbortSignal.timeout(9000));
      details.push(outcome.detail.replace(`127.0.0.1:${port} answered `, ''));
    }
    server.close();
    const advice = ': check the URL and what the receiver expects';
    assert.deepEqual(details, ['200', `400 (invalid_payload)${advice}`, `404${advice}`, `404${advice}`]);
    assert.deepEqual(JSON.parse(bodies[0] ?? ''), JSON.parse(JSON.stringify(slackBody(message))));
  });
});
