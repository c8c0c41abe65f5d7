/** Notifications: for each channel, what it is to be told is written down, and what is due is sent. */
import type { Kysely } from 'kysely';
import { dispatch } from '../notification/dispatch.ts';
import { systemPorts } from '../notification/ports.ts';
import { enabledChannels } from '../store/channels.ts';
import { collectNotices, noticeStore } from '../store/notices.ts';
import { getConsoleUrl } from '../store/settings.ts';
import type { Tables } from '../store/tables.ts';

/** One channel that hangs holds up the others of this round, and no scan. */
export async function tellChannels(db: Kysely<Tables>, signal: AbortSignal): Promise<void> {
  const channels = await enabledChannels(db);
  if (channels.length === 0) return;
  const consoleUrl = await getConsoleUrl(db);
  const notices = noticeStore(db);
  for (const channel of channels) {
    await collectNotices(db, channel, consoleUrl);
    await dispatch(channel, notices, systemPorts, signal);
  }
}
