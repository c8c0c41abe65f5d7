/**
 * The mail's second form. Nothing in it is loaded from anywhere, no style and no picture, and the only links are
 * those of the console. Text of others is escaped and inert.
 */
import { inert, type Message, tally } from './message.ts';
import type { Notice } from './notice.ts';

/** @param most notices that are told in full; the rest is counted */
export function mailHtml(message: Message, most: number): string {
  const shown = message.notices.slice(0, most);
  const left = message.notices.length - shown.length;
  const rest = left > 0 ? `<p>… and ${left} more, of ${tally(message.notices)} in all</p>\n` : '';
  return `<!doctype html>\n<html><head><meta charset="utf-8"></head><body>\n${shown.map(section).join('')}${rest}</body></html>\n`;
}

function section(notice: Notice): string {
  const about = notice.reference === undefined ? [] : [notice.reference];
  const lines = [...about, ...notice.lines].map((line) => `<br>${text(line)}`).join('\n');
  const link =
    notice.link === undefined ? '' : `<br><a href="${escapeText(notice.link)}">Open in Waterguard</a>`;
  return `<p><strong>${notice.severity.toUpperCase()}</strong> ${text(notice.title)}\n${lines}${link}</p>\n`;
}

function text(hostile: string): string {
  return escapeText(inert(hostile));
}

function escapeText(written: string): string {
  return written.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
