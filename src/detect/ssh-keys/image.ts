/** Keys that a line of the image's history adds: visible there even when the file itself is gone again. */
import type { ImageInspection } from '../detector.ts';
import { addedKeys } from './added-keys.ts';
import { observed, toFinding } from './detector.ts';

export const sshKeysInspection: ImageInspection = ({ config }) => {
  const found = config.history.map((line, index) => {
    const added = addedKeys(line.createdBy);
    const finding = toFinding(added, 0);
    const key = `history[${index}]`;
    const place = {
      place: 'history',
      key,
      runs: false,
      ...(line.layer === undefined ? {} : { layer: line.layer }),
    } as const;
    return {
      findings: finding === undefined ? [] : [{ ...finding, ...place }],
      observables: observed(added.keys, 0).map((one) => ({ ...one, key })),
    };
  });
  return {
    findings: found.flatMap((one) => one.findings),
    observables: found.flatMap((one) => one.observables),
  };
};
