/** All fuzz targets. A new parser of hostile input gets one. */
import type { Target } from './target.ts';
import { binaryTargets } from './targets/binary.ts';
import { certificateTargets } from './targets/certificates.ts';
import { compressedTargets } from './targets/compressed.ts';
import { decoyTargets } from './targets/decoys.ts';
import { detectorTargets } from './targets/detectors.ts';
import { imageTargets } from './targets/image.ts';
import { nameTargets } from './targets/names.ts';
import { ruleTargets } from './targets/rules.ts';
import { tarTargets } from './targets/tar.ts';
import { textTargets } from './targets/text.ts';

export const targets: readonly Target[] = [
  ...tarTargets,
  ...compressedTargets,
  ...imageTargets,
  ...nameTargets,
  ...binaryTargets,
  ...textTargets,
  ...ruleTargets,
  ...certificateTargets,
  ...detectorTargets,
  ...decoyTargets,
];
