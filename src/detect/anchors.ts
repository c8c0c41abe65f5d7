/**
 * One search for the anchors of all detectors. With a rule engine the anchors ride along as one more rule, so
 * that they cost nothing beside the others; without one a plain search finds the same places.
 */
import { type Anchor, type Detector, type FileKind, maxHits } from './detector.ts';
import type { RuleMatch, RuleText } from './rule-engine.ts';

const anchorRule = 'waterguard_anchors';

/** Longest list of places for one anchor in one file; a file with more is an attack on the scanner. */
const mostHits = 100_000;

export interface AnchorSearch {
  /** The anchors as a YARA rule. */
  ruleText(): RuleText;
  /** @param matches what the rule engine found; undefined where there is none and the search is done here */
  hits(bytes: Buffer, matches: readonly RuleMatch[] | undefined): AnchorHits;
}

/** The anchors of one file. */
export interface AnchorHits {
  /** False only where the file is known to have none of the detector's anchors. */
  any(detector: string): boolean;
  /** Ascending. */
  of(detector: string, anchor: string): readonly number[];
}

const none: readonly number[] = [];

export const noHits: AnchorHits = { any: () => false, of: () => none };

export function planAnchors(detectors: readonly Detector[], kinds: readonly FileKind[]): AnchorSearch {
  const patterns = new Map<string, { readonly id: string; readonly anchor: Anchor }>();
  const named = new Map<string, Map<string, string>>();
  for (const detector of detectors) {
    for (const [name, anchor] of Object.entries(detector.anchors ?? {})) {
      if (anchor.kinds !== undefined && !anchor.kinds.some((kind) => kinds.includes(kind))) continue;
      const key = `${anchor.nocase === true ? 'i' : 's'}:${anchor.nocase === true ? anchor.text.toLowerCase() : anchor.text}`;
      const pattern = patterns.get(key) ?? { id: `$a${patterns.size}`, anchor };
      patterns.set(key, pattern);
      const names = named.get(detector.name) ?? new Map<string, string>();
      named.set(detector.name, names.set(name, pattern.id));
    }
  }
  const byId = new Map([...patterns.values()].map((one) => [one.id, one.anchor]));
  const askers = new Map<string, string[]>();
  for (const [detector, names] of named)
    for (const id of names.values()) askers.set(id, [...(askers.get(id) ?? []), detector]);

  return {
    ruleText() {
      const strings = [...patterns.values()].map(
        ({ id, anchor }) => `    ${id} = ${literal(anchor.text)}${anchor.nocase === true ? ' nocase' : ''}`,
      );
      const body =
        strings.length === 0
          ? 'condition: false'
          : `strings:\n${strings.join('\n')}\n  condition: any of them`;
      return {
        origin: 'anchors',
        namespace: anchorRule,
        text: `rule ${anchorRule} {\n  ${body}\n}\n`,
      };
    },
    hits(bytes, matches) {
      const rule = matches?.find((one) => one.rule === anchorRule);
      // Most files hold no anchor at all, and detectors ask for hundreds.
      if (matches !== undefined && rule === undefined) return noHits;
      const places = new Map<string, number[]>();
      for (const { pattern, offset } of rule?.places ?? []) {
        const list = places.get(pattern);
        if (list === undefined) places.set(pattern, [offset]);
        else list.push(offset);
      }
      const asked = new Set<string>();
      for (const id of places.keys()) for (const one of askers.get(id) ?? []) asked.add(one);
      return {
        any: (detector) => matches === undefined || asked.has(detector),
        of(detector, name) {
          const id = named.get(detector)?.get(name);
          const anchor = id === undefined ? undefined : byId.get(id);
          if (id === undefined || anchor === undefined) return none;
          const known = places.get(id);
          const isComplete = matches === undefined ? known !== undefined : (known?.length ?? 0) < maxHits;
          if (isComplete) return known ?? none;
          const all = searchFor(bytes, anchor);
          places.set(id, all);
          return all;
        },
      };
    },
  };
}

/** As YARA writes it: a text where it can be printed, else its bytes. */
function literal(text: string): string {
  if (/^[\x20-\x7e]+$/.test(text)) return JSON.stringify(text);
  return `{ ${Buffer.from(text, 'latin1').toString('hex')} }`;
}

/** The matches that are rules, not anchors. */
export function withoutAnchors(matches: readonly RuleMatch[]): readonly RuleMatch[] {
  return matches.filter((one) => one.rule !== anchorRule);
}

function searchFor(bytes: Buffer, anchor: Anchor): number[] {
  const all: number[] = [];
  const hay = anchor.nocase === true ? lowerCase(bytes) : bytes;
  const needle = Buffer.from(anchor.nocase === true ? anchor.text.toLowerCase() : anchor.text, 'latin1');
  for (let at = hay.indexOf(needle); at !== -1 && all.length < mostHits; at = hay.indexOf(needle, at + 1))
    all.push(at);
  return all;
}

const lowered = new WeakMap<Buffer, Buffer>();

/** ASCII only, as `nocase` in YARA; kept for the file in hand, since many anchors ask for it. */
function lowerCase(bytes: Buffer): Buffer {
  const known = lowered.get(bytes);
  if (known !== undefined) return known;
  const copy = Buffer.from(bytes);
  for (let at = 0; at < copy.length; at++) {
    const byte = copy[at] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) copy[at] = byte | 0x20;
  }
  lowered.set(bytes, copy);
  return copy;
}
