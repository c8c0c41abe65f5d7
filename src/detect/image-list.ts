/** All inspections of an image's configuration, history and name. A new one is a folder and one line here. */
import { configurationInspection } from './configuration/image.ts';
import type { ImageInspection } from './detector.ts';
import { minerInspection } from './miner/image.ts';
import { namesInspection } from './names/image.ts';
import { networkInspection } from './network/image.ts';
import { secretsInspection } from './secrets/image.ts';
import { sshKeysInspection } from './ssh-keys/image.ts';

export const imageInspections: readonly ImageInspection[] = [
  minerInspection,
  secretsInspection,
  sshKeysInspection,
  networkInspection,
  configurationInspection,
  namesInspection,
];
