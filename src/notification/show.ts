/** Targets as lists and logs may have them: where a channel leads to, without what lets others send there. */
import type { ChannelTarget } from '../api/upkeep.ts';
import { printable } from '../model/printable.ts';

/** The `target` of the API's channel: `https://hooks.example`, addresses of mail, `tls://logs.example:6514`. */
export function shownTarget(target: ChannelTarget): string {
  switch (target.kind) {
    case 'webhook':
    case 'slack': {
      const url = URL.parse(target.url);
      return url ? printable(`${url.protocol}//${url.host}`, 300) : 'an invalid URL';
    }
    case 'email':
      return printable(`${target.to.join(', ')} by ${targetHost(target)}`, 500);
    case 'syslog':
      return printable(`${target.transport}://${targetHost(target)}:${target.port}`, 300);
  }
}

/** Host, and port where it was written; what failures name. */
export function targetHost(target: ChannelTarget): string {
  if (target.kind === 'syslog') return target.host.includes(':') ? `[${target.host}]` : target.host;
  // Neither path nor password: an unreadable URL is not shown at all.
  return URL.parse(target.kind === 'email' ? target.server : target.url)?.host || 'an invalid URL';
}
