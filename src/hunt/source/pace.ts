/**
 * How many requests one registry gets at once. Where it answers that they are too many, the number is halved, and
 * it rises again by one at a time: what TCP does, and for the same reason. The wait that a registry asks for is
 * kept by the client within the request, which holds its place meanwhile.
 */
export interface Pace {
  /** Requests at once that are allowed just now. */
  readonly width: number;
  /** Runs `task` when there is room for it, first come, first served. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  /** To be told of each answer's status. */
  answered(status: number): void;
}

/** Answers without a complaint before one more request at once is tried. */
const calmAnswers = 50;

/** @param most requests at once; at least 1 */
export function openPace(most: number): Pace {
  const waiting: (() => void)[] = [];
  let width = Math.max(1, most);
  let active = 0;
  let calm = 0;
  /** Answers to come of requests that were sent at the width before: one overload is one reason to halve. */
  let late = 0;

  function admit(): void {
    while (active < width) {
      const next = waiting.shift();
      if (next === undefined) return;
      active += 1;
      next();
    }
  }

  return {
    get width() {
      return width;
    },
    async run(task) {
      await new Promise<void>((go) => {
        waiting.push(go);
        admit();
      });
      try {
        return await task();
      } finally {
        active -= 1;
        admit();
      }
    },
    answered(status) {
      const isLate = late > 0;
      if (isLate) late -= 1;
      if (status === 429 || status === 503) {
        calm = 0;
        if (isLate) return;
        width = Math.max(1, Math.floor(width / 2));
        late = active - 1;
        return;
      }
      calm += 1;
      if (calm < calmAnswers || width >= most) return;
      calm = 0;
      width += 1;
      admit();
    },
  };
}
