/**
 * Incoming webhooks of Slack, and of what takes the same JSON (Mattermost, Rocket.Chat). Slack
 * shows `blocks`, the others `text`, so both are made safe against text that wants to ping a channel or pose as a
 * link: `<…>` is escaped, `@name` and `[a](b)` are broken, addresses are inert, and hostile text stands in
 * `plain_text` only.
 */
import { hookUrl, notAHook, outcomeOf, post } from './hook.ts';
import { inert, type Message, tally } from './message.ts';
import type { Notice } from './notice.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';

/** @throws what `post` throws */
export async function sendSlack(
  target: { readonly url: string },
  message: Message,
  ports: Ports,
  signal: AbortSignal,
): Promise<Outcome> {
  const url = hookUrl(target.url);
  if (!url) return notAHook;
  const answer = await post(url, JSON.stringify(slackBody(message)), {}, ports, signal);
  return outcomeOf(answer, url.host, ports.now(), errorWord(answer.body, target.url));
}

/**
 * Limits of Block Kit (docs.slack.dev/reference/block-kit, read 2026-11): 50 blocks, 150 characters of a header,
 * 3,000 of a section. Beyond some 13,000 characters in all Slack answers `msg_blocks_too_long`, which no page
 * says (github.com/slackapi/bolt-js/issues/2509). Escapes count.
 */
const headerLimit = 150;
const sectionLimit = 3000;
const totalLimit = 11_000;
/** Two blocks each, with a header and a last line: 42 of 50. */
const mostNotices = 20;
/** Of `text`: Slack's own advice, and what older Mattermost servers store. */
const textLimit = 4000;

interface TextObject {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
  readonly emoji?: false;
  readonly verbatim?: true;
}
type Block =
  | { readonly type: 'header' | 'section'; readonly text: TextObject }
  | { readonly type: 'context'; readonly elements: readonly TextObject[] };

export interface SlackBody {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly mrkdwn: false;
  readonly parse: 'none';
  readonly link_names: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/** Pure, so that a second try sends the same. */
export function slackBody(message: Message): SlackBody {
  const shown = message.notices.slice(0, mostNotices);
  const each = Math.min(sectionLimit, Math.floor(totalLimit / shown.length));
  const blocks: Block[] = [{ type: 'header', text: plain(escaped(message.subject, headerLimit)) }];
  const lines = [escaped(message.subject, 2 * headerLimit)];
  for (const notice of shown) {
    const link = linkTo(notice);
    const said = escaped(wording(notice), each - link.length);
    blocks.push({ type: 'section', text: plain(said) });
    if (link) blocks.push(context({ type: 'mrkdwn', text: link, verbatim: true }));
    lines.push(said, link);
  }
  const left = message.notices.length - shown.length;
  if (left > 0) {
    const rest = `… and ${left} more, of ${tally(message.notices)} in all`;
    blocks.push(context(plain(rest)));
    lines.push(rest);
  }
  return {
    text: linesUpTo(textLimit, lines),
    blocks,
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** Whole lines only, so that no escape is cut. */
function linesUpTo(limit: number, lines: readonly string[]): string {
  let text = '';
  for (const line of lines) {
    if (line === '') continue;
    if (text.length + line.length + 3 > limit) return `${text}\n…`;
    text += text === '' ? line : `\n${line}`;
  }
  return text;
}

function wording(notice: Notice): string {
  const about = notice.reference === undefined ? [] : [notice.reference];
  return [`${notice.severity.toUpperCase()}  ${notice.title}`, ...about, ...notice.lines].join('\n');
}

/** Ours, so it may be one; `|` would end its address. A long one would eat up the place of the text. */
function linkTo(notice: Notice): string {
  if (notice.link === undefined || notice.link.length > 300) return '';
  return `<${notice.link.replaceAll('|', '%7C').replaceAll('&', '&amp;')}|Open in Waterguard>`;
}

/**
 * Text of others, at most `limit` characters with all its escapes.
 * `@` begins a name unless it follows a letter or digit, as in `image@sha256:…`.
 */
export function escaped(text: string, limit: number): string {
  const harmless = inert(text)
    .replace(/(?<![A-Za-z0-9])@/g, '＠')
    .replace(/\](?=[([])/g, '] ');
  const whole = harmless.replace(/[&<>]/g, (character) => escapes[character] ?? character);
  if (whole.length <= limit) return whole;
  let out = '';
  for (const character of harmless) {
    const written = escapes[character] ?? character;
    if (out.length + written.length > limit - 1) break;
    out += written;
  }
  return `${out}…`;
}

/** The three that Slack takes as control characters (docs.slack.dev/messaging/formatting-message-text, 2026-11). */
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function plain(text: string): TextObject {
  return { type: 'plain_text', text, emoji: false };
}

function context(element: TextObject): Block {
  return { type: 'context', elements: [element] };
}

/** Slack's word for what was wrong (`invalid_payload`), unless it could be a part of the hook's address. */
function errorWord(body: string, url: string): string {
  const word = body.trim();
  return /^[a-z]+(?:_[a-z]+)+$/.test(word) && word.length <= 40 && !url.includes(word) ? word : '';
}
