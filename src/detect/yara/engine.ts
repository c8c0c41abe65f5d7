/**
 * `RuleEngine` over YARA-X 1.20 in its native binding. The binding exists for x64 Linux with glibc only and is
 * an optional dependency: where it is missing, `engineAvailable` says so and every other detector still runs.
 *
 * Compiling isolates faults: a rule that does not compile is refused by name, and with it only the rules that
 * build on it. The compiled form carries everything a scan needs, so a worker loads it in milliseconds.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { maxHits } from '../detector.ts';
import type {
  CompiledRules,
  RefusedRule,
  RuleEngine,
  RuleMatch,
  RuleScanner,
  RuleText,
  RuleVariables,
} from '../rule-engine.ts';
import type { Binding, BindingRule, BindingRules } from './binding.ts';
import { assemble, parseRules } from './source.ts';

const bindingPackage = '@litko/yara-x-linux-x64-gnu';

/** All external variables, empty: what a scan without a path sees. */
export const noVariables: RuleVariables = {
  filename: '',
  filepath: '',
  extension: '',
  filetype: '',
  owner: '',
};

/** The engine, or why there is none here. @param load a parameter so that a test can take the binding away */
export function engineAvailable(load: () => Binding = requireBinding): RuleEngine | { missing: string } {
  try {
    return yaraX(load());
  } catch (error) {
    return {
      missing:
        `YARA rules are not applied: the package ${bindingPackage} cannot be loaded on ` +
        `${process.platform}-${process.arch} (${firstLine(messageOf(error))}); ` +
        'on x64 Linux with glibc, install it with `npm ci --include=optional`',
    };
  }
}

/** The engine, or nothing where the binding is missing. */
export function ruleEngine(): RuleEngine | undefined {
  const engine = engineAvailable();
  return 'missing' in engine ? undefined : engine;
}

const require = createRequire(import.meta.url);

/** `require`, because importing an add-on prints an ExperimentalWarning on every start. */
function requireBinding(): Binding {
  return require(bindingPackage) as Binding;
}

function bindingVersion(): string {
  return (require(`${bindingPackage}/package.json`) as { readonly version: string }).version;
}

function yaraX(binding: Binding): RuleEngine {
  return {
    name: 'yara-x',
    version: bindingVersion(),
    compile: (sources) => compile(binding, sources),
    load: (compiled, timeoutMs) => load(binding, compiled, timeoutMs),
  };
}

/**
 * Tries all sources at once. Only where that leaves something out, the sources are compiled one by one to tell
 * which rule of which file is at fault, and the good rest is compiled again.
 */
function compile(binding: Binding, sources: readonly RuleText[]): CompiledRules {
  const unique = withoutUnreadable(sources);
  const whole = tryCompile(binding, unique.sources);
  if (typeof whole !== 'string' && faultFree(whole)) {
    return { bytes: serialized(whole), accepted: unique.rules, refused: unique.refused };
  }
  const refused: RefusedRule[] = [...unique.refused];
  const good: RuleText[] = [];
  let accepted = 0;
  for (const source of unique.sources) {
    const sifted = sift(binding, source);
    refused.push(...sifted.refused);
    accepted += sifted.accepted;
    if (sifted.accepted > 0) good.push({ ...source, text: sifted.text });
  }
  const rest = tryCompile(binding, good);
  if (typeof rest === 'string' || !faultFree(rest)) {
    const why =
      typeof rest === 'string' ? rest : (rest.getCompilationErrors()[0]?.message ?? 'unknown error');
    throw new WaterguardError('engine', `The rules do not compile together: ${firstLine(why)}`);
  }
  return { bytes: serialized(rest), accepted, refused };
}

/**
 * Leaves out what must not reach the engine: an `include` would open any file that a rule's author names, and a
 * rule nested without measure would crash the process.
 */
function withoutUnreadable(sources: readonly RuleText[]): Readable {
  const refused: RefusedRule[] = [];
  let rules = 0;
  const kept = sources.map((source) => {
    const parsed = parseRules(source.text);
    rules += parsed.rules.length;
    for (const include of parsed.includes) {
      const message = `include "${include}" is not followed; add that file's folder with --rules instead`;
      refused.push({ origin: source.origin, rule: '(include)', message });
    }
    for (const broken of parsed.broken) refused.push({ origin: source.origin, ...broken });
    if (parsed.includes.length === 0 && parsed.broken.length === 0) return source;
    return { ...source, text: assemble(parsed.rules, parsed.imports) };
  });
  return { sources: kept, rules, refused };
}

interface Readable {
  readonly sources: readonly RuleText[];
  /** How many rules they have. */
  readonly rules: number;
  readonly refused: readonly RefusedRule[];
}

interface Sifted {
  readonly text: string;
  readonly accepted: number;
  readonly refused: readonly RefusedRule[];
}

/** The rules of one source that compile: first by grammar, each rule alone, then by meaning, all together. */
function sift(binding: Binding, source: RuleText): Sifted {
  const whole = tryCompile(binding, [source]);
  const parsed = parseRules(source.text);
  if (typeof whole !== 'string' && faultFree(whole)) {
    return { text: source.text, accepted: parsed.rules.length, refused: [] };
  }
  const refused: RefusedRule[] = [];
  const refuse = (rule: string, message: string) =>
    refused.push({ origin: source.origin, rule, message: firstLine(message) });

  let left = parsed.rules.filter((rule) => {
    const alone = tryCompile(binding, [{ ...source, text: rule.text }]);
    const fault = typeof alone === 'string' ? alone : grammarFault(alone);
    if (fault !== undefined) refuse(rule.name, fault);
    return fault === undefined;
  });
  // Each round removes at least one rule, so this ends; as a rule one round is enough.
  for (;;) {
    const text = assemble(left, parsed.imports);
    const together = tryCompile(binding, [{ ...source, text }]);
    if (typeof together !== 'string' && faultFree(together)) return { text, accepted: left.length, refused };
    const faults = typeof together === 'string' ? [] : together.getIgnoredRules();
    if (faults.length === 0) {
      const why =
        typeof together === 'string' ? together : (together.getCompilationErrors()[0]?.message ?? '');
      for (const rule of left) refuse(rule.name, why);
      return { text: '', accepted: 0, refused };
    }
    const before = left.length;
    for (const fault of faults) {
      const last = left.findLastIndex((rule) => rule.name === fault.name);
      if (last >= 0) refuse(fault.name, fault.detail);
      left = left.filter((_, index) => index !== last);
    }
    if (left.length === before) return { text: '', accepted: 0, refused };
  }
}

/**
 * Rules with the five variables defined, tolerant regular expressions and includes off; or the message of
 * what stopped the compiler altogether.
 */
function tryCompile(binding: Binding, sources: readonly RuleText[]): BindingRules | string {
  const rules = binding.compile('', {
    defineVariables: { ...noVariables },
    relaxedReSyntax: true,
    ignoreInvalidRules: true,
    enableIncludes: false,
  });
  try {
    rules.addRuleSources(sources.map((one) => ({ source: one.text, namespace: one.namespace })));
    return rules;
  } catch (error) {
    return messageOf(error);
  }
}

function faultFree(rules: BindingRules): boolean {
  return rules.getCompilationErrors().length === 0 && rules.getIgnoredRules().length === 0;
}

/** E001 is YARA-X's code for a syntax error; such a rule never appears among the ignored ones. */
function grammarFault(rules: BindingRules): string | undefined {
  return rules.getCompilationErrors().find((error) => error.code === 'E001')?.message;
}

/** The serialised rules behind a digest, because the engine aborts on some damaged input. */
function serialized(rules: BindingRules): Buffer {
  const body = rules.serialize();
  return Buffer.concat([digestOf(body), body]);
}

const digestBytes = 32;

function digestOf(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest();
}

/** YARA-X counts its timeout in whole seconds, so `timeoutMs` is rounded up to the next one. */
function load(binding: Binding, compiled: Buffer, timeoutMs: number): RuleScanner {
  const body = compiled.subarray(digestBytes);
  if (!digestOf(body).equals(compiled.subarray(0, digestBytes))) {
    throw new WaterguardError('engine', 'The compiled rules are damaged; compile them again');
  }
  const rules = binding.deserialize(body);
  rules.setTimeout(Math.max(1000, Math.ceil(timeoutMs / 1000) * 1000));
  rules.setMaxMatchesPerPattern(maxHits);
  let dirty = false;
  return {
    scan(bytes, variables) {
      // Variables stay set from one scan to the next, so they are cleared once after a scan that had some.
      const set = variables ?? (dirty ? noVariables : undefined);
      dirty = variables !== undefined;
      return scan(rules, bytes, set, timeoutMs);
    },
  };
}

function scan(
  rules: BindingRules,
  bytes: Buffer,
  variables: RuleVariables | undefined,
  timeoutMs: number,
): readonly RuleMatch[] {
  let found: readonly BindingRule[];
  try {
    found = variables === undefined ? rules.scan(bytes) : rules.scan(bytes, { ...variables });
  } catch (error) {
    const message = messageOf(error);
    if (!message.includes('timed out')) throw new WaterguardError('engine', `YARA-X failed: ${message}`);
    throw new WaterguardError(
      'limit',
      `The rules took longer than ${timeoutMs} ms over ${bytes.length} bytes`,
    );
  }
  return found.length === 0 ? none : found.map(toMatch);
}

const none: readonly RuleMatch[] = [];

function toMatch(rule: BindingRule): RuleMatch {
  return {
    rule: rule.ruleIdentifier,
    namespace: rule.namespace,
    tags: rule.tags,
    meta: rule.meta,
    places: rule.matches.map((at) => ({ pattern: at.identifier, offset: at.offset, length: at.length })),
  };
}

/** The compiler's messages are drawings of several lines; the first says what, the second where. */
function firstLine(message: string): string {
  return message.split('\n').slice(0, 2).join(' ').replace(/ +/g, ' ').trim();
}
