/**
 * Loaders of scripts that leave open where from: `curl "$URL" | sh`. Once the judge knows what the image puts into the
 * variable, the address weighs as if it stood there.
 */
import { readDownload } from '../configuration/download.ts';
import { worstOrigin } from '../configuration/origin.ts';
import type { DetectedFinding, StartedCommand } from '../detector.ts';
import { fetchedWhenStarted } from './command.ts';
import { kinds } from './kinds.ts';

/** Whether a command, once its variables are known, downloads. */
export function wantsCommand(words: readonly string[]): boolean {
  return downloadedBy(words).length > 0;
}

/** @param commands of the file, with what their variables stand for */
export function completed(finding: DetectedFinding, commands: readonly StartedCommand[]): DetectedFinding {
  if (finding.rule !== kinds.scriptLoader.rule) return finding;
  const urls = commands.flatMap(({ words }) => downloadedBy(words));
  if (urls.length === 0) return finding;
  const whenStarted = fetchedWhenStarted[worstOrigin(urls)];
  if (whenStarted <= Math.max(finding.confidence, finding.whenStarted ?? 0)) return finding;
  return { ...finding, whenStarted };
}

function downloadedBy(words: readonly string[]): readonly string[] {
  return readDownload({ words, redirects: [] })?.urls ?? [];
}
