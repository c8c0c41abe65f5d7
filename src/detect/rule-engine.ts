/** The port to a YARA engine, so that the native binding can be replaced. */

/** One rule that matched one buffer. `places` are in bytes of that buffer, at most `maxHits` per pattern. */
export interface RuleMatch {
  readonly rule: string;
  readonly namespace: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string | number | boolean>>;
  readonly places: readonly { readonly pattern: string; readonly offset: number; readonly length: number }[];
}

/** One source of rules; `origin` is its file name, for messages. A rule that fails is left out, not the file. */
export interface RuleText {
  readonly origin: string;
  readonly namespace: string;
  readonly text: string;
}

export interface RefusedRule {
  readonly origin: string;
  readonly rule: string;
  readonly message: string;
}

export interface CompiledRules {
  /** Opaque; what `load` takes in another process. */
  readonly bytes: Buffer;
  readonly accepted: number;
  readonly refused: readonly RefusedRule[];
}

/** External variables that third-party rules expect; the empty string where unknown. */
export interface RuleVariables {
  readonly filename: string;
  readonly filepath: string;
  readonly extension: string;
  readonly filetype: string;
  readonly owner: string;
}

export interface RuleScanner {
  /** @throws WaterguardError `limit` when the time set at `load` is used up */
  scan(bytes: Buffer, variables?: RuleVariables): readonly RuleMatch[];
}

export interface RuleEngine {
  readonly name: string;
  /** Of what compiles and loads: another version need not be able to load compiled rules. */
  readonly version: string;
  compile(sources: readonly RuleText[]): CompiledRules;
  /** @param timeoutMs longest time for one buffer */
  load(compiled: Buffer, timeoutMs: number): RuleScanner;
}
