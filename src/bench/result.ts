/** The shape that `bench --format json` prints. */
export interface BenchResult {
  readonly metric: string;
  /** `null` where it could not be measured; then `reason` says why. */
  readonly value: number | null;
  readonly unit: string;
  /** Runs of which `value` is the median. */
  readonly runs: number;
  readonly rival?: string;
  readonly rivalValue?: number;
  readonly ratio?: number;
  /** As `>= 1.3`, on the ratio where there is one, else on the value. */
  readonly goal?: string;
  readonly holds?: boolean | null;
  readonly reason?: string;
}

export interface BenchReport {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly machine: string;
  readonly date: string;
  readonly results: readonly BenchResult[];
}

export interface BenchOptions {
  readonly runs: number;
  /** Of the sizes, for benchmarks that have them: 1 is full. */
  readonly scale: number;
  /** Only these parts; all where absent. */
  readonly parts: readonly string[] | undefined;
  /** Told what is being done. */
  readonly say: (text: string) => void;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Three significant digits: more would pretend. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** Fills in ratio and verdict. @param goal a comparison such as `>= 1.3` */
export function against(
  metric: string,
  unit: string,
  ours: readonly number[],
  rival: string,
  theirs: readonly number[] | string,
  goal: string,
): BenchResult {
  const value = median(ours);
  const base = { metric, value: rounded(value), unit, runs: ours.length, rival, goal };
  if (typeof theirs === 'string') return { ...base, holds: null, reason: theirs };
  const rivalValue = median(theirs);
  const ratio = rivalValue / value;
  return { ...base, rivalValue: rounded(rivalValue), ratio: rounded(ratio), holds: meets(ratio, goal) };
}

export function meets(value: number, goal: string): boolean {
  const [sign, bound] = goal.split(' ');
  return sign === '>=' ? value >= Number(bound) : value <= Number(bound);
}
