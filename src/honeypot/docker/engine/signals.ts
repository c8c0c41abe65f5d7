/** Signals by number and name, as `docker kill` takes them. */

const names =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );

/** @returns its number; undefined for what is none */
export function signalOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) > 0 && Number(text) < 65 ? Number(text) : undefined;
  const number = names.indexOf(text.toUpperCase().replace(/^SIG/, '')) + 1;
  return number > 0 ? number : undefined;
}
