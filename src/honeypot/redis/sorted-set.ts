/** Members in the order of their scores, and of their bytes where scores are the same. */

export interface Scored {
  readonly member: string;
  readonly score: number;
}

export class SortedSet {
  readonly kind = 'zset';
  private readonly scores: Map<string, number>;
  private readonly order: Scored[];

  constructor(scores: Iterable<readonly [member: string, score: number]> = []) {
    this.scores = new Map(scores);
    this.order = [...this.scores].map(([member, score]) => ({ member, score }));
    this.order.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  get size(): number {
    return this.scores.size;
  }

  score(member: string): number | undefined {
    return this.scores.get(member);
  }

  set(member: string, score: number): void {
    this.delete(member);
    this.scores.set(member, score);
    this.order.splice(this.placeOf({ member, score }), 0, { member, score });
  }

  delete(member: string): boolean {
    const score = this.scores.get(member);
    if (score === undefined) return false;
    this.scores.delete(member);
    this.order.splice(this.placeOf({ member, score }), 1);
    return true;
  }

  rank(member: string): number | undefined {
    const score = this.scores.get(member);
    return score === undefined ? undefined : this.placeOf({ member, score });
  }

  /** The lowest first. */
  get all(): readonly Scored[] {
    return this.order;
  }

  /** Where it is, or would be. */
  private placeOf(one: Scored): number {
    let [low, high] = [0, this.order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.order[middle]!, one)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isBefore(a: Scored, b: Scored): boolean {
  return a.score < b.score || (a.score === b.score && a.member < b.member);
}
