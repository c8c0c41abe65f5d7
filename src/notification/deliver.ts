/** One try to tell a message to a channel's target: the door of everything that sends. */
import type { ChannelTarget } from '../api/upkeep.ts';
import { sendEmail } from './email.ts';
import type { Message } from './message.ts';
import { failed, failureOf, type Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import { targetHost } from './show.ts';
import { sendSlack } from './slack.ts';
import { sendSyslog } from './syslog.ts';
import { sendWebhook } from './webhook.ts';

/**
 * Never throws for what the other side does, and ends in time whatever it does. `detail` holds no secret.
 * A failure may have been received all the same (its answer was lost): only the message's id prevents a duplicate.
 * @param signal that of the process: it ends the try, which may then be made again at once
 */
export async function deliver(
  target: ChannelTarget,
  message: Message,
  ports: Ports,
  signal: AbortSignal,
): Promise<Outcome> {
  if (signal.aborted) return stopped;
  const limitMs = timeLimit(target, ports);
  const end = new AbortController();
  const over = new Promise<never>((_, reject) => {
    end.signal.addEventListener('abort', () => reject(end.signal.reason), { once: true });
  });
  const stop = () => end.abort();
  const late = setTimeout(stop, limitMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    // Raced, since a name server's silence cannot be ended by a signal.
    return await Promise.race([send(target, message, ports, end.signal), over]);
  } catch (error) {
    if (signal.aborted) return stopped;
    const host = targetHost(target);
    if (!end.signal.aborted) return failureOf(error, host);
    return failed(true, `${host} did not take it within ${limitMs / 1000} s`);
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
    over.catch(() => {});
    // Whatever is still open is of no use now.
    end.abort();
  }
}

const stopped: Outcome = { ok: false, retry: true, afterMs: 0, detail: 'stopped before it was delivered' };

function timeLimit(target: ChannelTarget, { limits }: Ports): number {
  switch (target.kind) {
    case 'webhook':
    case 'slack':
      return limits.hookMs;
    case 'email':
      return limits.mailMs;
    case 'syslog':
      return limits.syslogMs;
  }
}

/** @throws what connections throw; see each of them */
function send(target: ChannelTarget, message: Message, ports: Ports, signal: AbortSignal): Promise<Outcome> {
  switch (target.kind) {
    case 'webhook':
      return sendWebhook(target, message, ports, signal);
    case 'slack':
      return sendSlack(target, message, ports, signal);
    case 'email':
      return sendEmail(target, message, ports, signal);
    case 'syslog':
      return sendSyslog(target, message, ports, signal);
  }
}
