/** Values that are known from attacks, as a scan asks for them: what was learned until this moment. */
import type { Category, IndicatorType } from './terms.ts';

export interface KnownIndicator {
  readonly type: IndicatorType;
  /** In its normal form. */
  readonly value: string;
  readonly category: Category;
  /** Who says so. */
  readonly source: string;
}

export interface KnownIndicators {
  match(type: IndicatorType, value: string): KnownIndicator | undefined;
  /** SHA-256 of files in lower-case hex. */
  readonly hashes: ReadonlyMap<string, KnownIndicator>;
}
