/**
 * Turns matched rules into findings. The search itself is the engine's and the runner's; here a match is read:
 * our own rules say in their metadata what they mean, other people's rules are mapped by the words they use.
 *
 * Two detectors come from one builder: `yara` for rules over content, whose results are shared by all files of
 * the same bytes, and `yara-path` for rules that read the external variables.
 */
import { printable } from '../../model/printable.ts';
import type { DetectedFinding, Detector, OpenFile } from '../detector.ts';
import type { RuleMatch } from '../rule-engine.ts';
import { withoutSecrets } from '../secrets/without-secrets.ts';
import { type Meaning, meaningOf } from './meaning.ts';

export const yara = yaraDetector('yara', 'content');
export const yaraPath = yaraDetector('yara-path', 'path');

/** Its `findings` are empty because the rules are data: `waterguard rules list` names them. */
function yaraDetector(name: string, needs: Detector['needs']): Detector {
  return {
    name,
    version: 3,
    needs,
    findings: [],
    onlyWith: 'matches',
    wants: () => true,
    inspect(file) {
      const findings = file.matches.flatMap((match) => findingOf(match, file));
      return { findings, observables: [] };
    },
  };
}

function findingOf(match: RuleMatch, file: OpenFile): readonly DetectedFinding[] {
  const meaning = meaningOf(match, file.kind);
  if (meaning.wholeFile && file.bytes.length !== file.size) return [];
  const { wholeFile: _, ...finding } = meaning;
  return [{ ...finding, ...placeOf(match, file, meaning) }];
}

/** The longest pattern says most; a rule without patterns speaks of the file's beginning. */
function placeOf(
  match: RuleMatch,
  file: OpenFile,
  meaning: Meaning,
): Pick<DetectedFinding, 'offset' | 'length' | 'excerpt'> {
  let best = match.places[0];
  for (const place of match.places) if (best === undefined || place.length > best.length) best = place;
  if (best === undefined) return { offset: file.offset, length: 0, excerpt: '' };
  const shown = Math.min(best.length, meaning.subject === 'secret' ? secretShown : longestExcerpt);
  const excerpt = withoutSecrets(
    printable(file.bytes.subarray(best.offset, best.offset + shown), longestExcerpt),
  );
  return { offset: file.offset + best.offset, length: best.length, excerpt };
}

/** Characters; the bound of `DetectedFinding` is 200. */
const longestExcerpt = 160;

/** Of a secret only as much as names its provider. */
const secretShown = 4;
