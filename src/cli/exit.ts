/** Exit codes of every command; see docs/scanning.md. Precedence: 2 > 4 > 1 > 3 > 0. */
export const exit = { done: 0, threshold: 1, usage: 2, hole: 3, internal: 4 } as const;
