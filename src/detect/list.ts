/** All detectors. A new one is a folder and one line here. */
import type { Detector } from './detector.ts';
import { elfDetector } from './elf/detector.ts';
import { minerDetector } from './miner/detector.ts';
import { networkDetector } from './network/detector.ts';
import { persistenceDetector } from './persistence/detector.ts';
import type { RuleText } from './rule-engine.ts';
import { secretDetectors } from './secrets/detector.ts';
import { combine, parseSecretRules, shippedSecretRules } from './secrets/load.ts';
import { sshKeys } from './ssh-keys/detector.ts';
import { startDetector } from './start/detector.ts';
import { yara, yaraPath } from './yara/index.ts';

/** @param brought rule files in Waterguard YAML or gitleaks TOML that a user brings */
export function makeDetectors(brought: readonly RuleText[]): readonly Detector[] {
  const secrets = combine([shippedSecretRules(), ...brought.map(parseSecretRules)]);
  return [
    yara,
    yaraPath,
    minerDetector,
    elfDetector,
    persistenceDetector,
    ...secretDetectors(secrets.rules),
    sshKeys,
    networkDetector,
    startDetector,
  ];
}
