/** All detectors. A new one is a folder and one line here. */
import type { Detector } from './detector.ts';
import { elfDetector } from './elf/detector.ts';
import { minerDetector } from './miner/detector.ts';
import { networkDetector } from './network/detector.ts';
import { persistenceDetector } from './persistence/detector.ts';
import { secretDetectors } from './secrets/detector.ts';
import type { SecretRule } from './secrets/rule.ts';
import { sshKeys } from './ssh-keys/detector.ts';
import { startDetector } from './start/detector.ts';
import { yara, yaraPath } from './yara/index.ts';

/**
 * @param secrets rules for text, shipped and brought
 * @param pathRules whether there are YARA rules that look at names; their detector wants every file
 */
export function makeDetectors(secrets: readonly SecretRule[], pathRules = true): readonly Detector[] {
  return [
    yara,
    ...(pathRules ? [yaraPath] : []),
    minerDetector,
    elfDetector,
    // Both split scripts: one after the other, they do it once.
    startDetector,
    persistenceDetector,
    ...secretDetectors(secrets),
    sshKeys,
    networkDetector,
  ];
}
