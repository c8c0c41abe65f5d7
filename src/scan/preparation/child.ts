/** The process that prepares rules: gets the files, answers with what was made of them, and ends. */
import { serialize } from 'node:v8';
import type { RuleFiles } from '../../detect/rules/files.ts';
import type { RulePart } from '../../detect/rules/part.ts';
import { prepareRules, type RuleSummary } from '../../detect/rules/prepare.ts';
import { ruleEngine } from '../../detect/yara/engine.ts';
import { type ErrorCode, messageOf, WaterguardError } from '../../model/error.ts';

export interface WrittenRules {
  readonly summary: RuleSummary;
  /** A `Plan` as `serialize` of node:v8 writes it: it is made once and only sent on, to be read where it is used. */
  readonly plan: Buffer;
  /** Of the YARA rules. */
  readonly parts: readonly RulePart[];
}

export type PreparationAnswer = WrittenRules | { readonly code: ErrorCode; readonly message: string };

/** The first and only message. */
export interface Preparation {
  readonly files: RuleFiles;
  /** False where the scanner found none: the rules are kept under what it knows. */
  readonly hasEngine: boolean;
}

function prepare({ files, hasEngine }: Preparation): PreparationAnswer {
  try {
    const { plan, ...others } = prepareRules(files, hasEngine ? ruleEngine() : undefined);
    return { ...others, plan: serialize(plan) };
  } catch (error) {
    return { code: error instanceof WaterguardError ? error.code : 'internal', message: messageOf(error) };
  }
}

process.once('message', (wanted: Preparation) => {
  process.send?.(prepare(wanted), () => process.disconnect());
});
