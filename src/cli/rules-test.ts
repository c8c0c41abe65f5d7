/** `waterguard rules test`: counts, and each failure. */
import { type TestedRule, testRules } from '../detect/rules/test-rules.ts';
import { WaterguardError } from '../model/error.ts';
import { safeJson, safeLine } from '../report/safe-text.ts';
import { countWords } from '../report/wording.ts';
import { exit } from './exit.ts';
import { writeResult } from './output.ts';
import type { PrintFlags } from './printing.ts';

/** @param folder default: the shipped rules */
export async function test(folder: string | undefined, { format, output }: PrintFlags): Promise<number> {
  const rules = await testRules(folder);
  if (rules.length === 0) {
    throw new WaterguardError('usage', `${folder}: no rules there (*.yar, *.yara, *.yaml, *.toml)`);
  }
  const failed = rules.filter((one) => !one.pass);
  const counts = { passed: rules.length - failed.length, failed: failed.length };
  const text =
    format === 'json'
      ? safeJson({ schemaVersion: 1, ...counts, rules }, 2)
      : [...failed.flatMap(failureLines), countLine(rules)].join('\n');
  await writeResult(`${text}\n`, output);
  return failed.length === 0 ? exit.done : exit.threshold;
}

function failureLines({ id, origin, failures }: TestedRule): string[] {
  return [
    `FAIL ${safeLine(id, 120)}  ${safeLine(origin, 200)}`,
    ...failures.map((one) => `     ${safeLine(one, 300)}`),
  ];
}

function countLine(rules: readonly TestedRule[]): string {
  const failed = rules.filter((one) => !one.pass).length;
  const untested = rules.filter((one) => one.pass && one.samples === 0).length;
  const samples = rules.reduce((sum, one) => sum + one.samples, 0);
  const remark = untested === 0 ? '' : `, ${untested} of them without samples, in a format that has none`;
  return `${countWords(rules.length, 'rule')}, ${countWords(samples, 'sample')}: ${rules.length - failed} pass${remark}, ${failed} fail`;
}
