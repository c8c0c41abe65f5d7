/** The shells that are found on Linux, and where their languages differ. How they word things is in `wording.ts`. */

export interface Dialect {
  readonly name: 'bash' | 'dash' | 'ash';
  /** Arrays, `+=`, braces, `<(…)`, `select`, `((…))`, `|&`, `[[…]]` as syntax, and all else that is bash's alone. */
  readonly isBash: boolean;
  /** `function`, `$'…'`, `${x/a/b}`, `${x:1:2}`, `&>`: bash's, and busybox took them over. */
  readonly isExtended: boolean;
  /** Whether what a special builtin cannot do ends the script (POSIX, 2.8.1). */
  readonly isStrict: boolean;
  /** Exit code of a redirection that fails. */
  readonly redirectionFailure: number;
  /** Bytes it takes at a time from a script on standard input; a script that a command of it reads on is read by line. */
  readonly readsAhead: boolean;
}

/** 5.2, of Debian 12. */
export const bash: Dialect = {
  name: 'bash',
  isBash: true,
  isExtended: true,
  isStrict: false,
  redirectionFailure: 1,
  readsAhead: false,
};

/** 0.5.12, of Debian 12. */
export const dash: Dialect = {
  name: 'dash',
  isBash: false,
  isExtended: false,
  isStrict: true,
  redirectionFailure: 2,
  readsAhead: true,
};

/** Of busybox 1.35 and later. */
export const ash: Dialect = {
  name: 'ash',
  isBash: false,
  isExtended: true,
  isStrict: true,
  redirectionFailure: 1,
  readsAhead: true,
};
