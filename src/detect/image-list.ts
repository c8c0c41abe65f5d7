/** All inspections of an image's configuration, history and name. A new one is a folder and one line here. */
import { configurationInspection } from './configuration/image.ts';
import type { ImageInspection } from './detector.ts';
import { minerInspection } from './miner/image.ts';
import { namesInspection } from './names/image.ts';
import { networkInspection } from './network/image.ts';
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
