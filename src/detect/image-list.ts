/** All inspections of an image's configuration, history and name. A new one is a folder and one line here. */
import { configurationInspection } from './configuration/image.ts';
import { findingKinds } from './configuration/kinds.ts';
import type { FindingKind, ImageInspection } from './detector.ts';
import { minerInspection, wantsCommand as wantsMiner } from './miner/image.ts';
import { nameFindings, namesInspection } from './names/image.ts';
import { networkInspection } from './network/image.ts';
import { kinds as networkFindings } from './network/judge.ts';
import { wantsCommand as wantsLoader } from './persistence/completed.ts';
import { secretsInspection } from './secrets/image.ts';
import type { SecretRule } from './secrets/rule.ts';
import { sshKeysInspection } from './ssh-keys/image.ts';

/** @param secrets rules for text, shipped and brought */
export function makeInspections(secrets: readonly SecretRule[]): readonly ImageInspection[] {
  return [
    minerInspection,
    secretsInspection(secrets),
    sshKeysInspection,
    networkInspection,
    configurationInspection,
    namesInspection,
  ];
}

/** Whether a command tells more, once what it leaves to its surroundings is filled in. */
export function wantsCommand(words: readonly string[]): boolean {
  return wantsMiner(words) || wantsLoader(words);
}

/** What inspections and the day's lists find besides what detectors do, listable without a scan. */
export const imageFindings: readonly FindingKind[] = [
  ...findingKinds,
  ...nameFindings,
  ...Object.values(networkFindings),
];
