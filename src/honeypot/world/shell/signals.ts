/** Signals of Linux on x86-64, signal(7), by number from 1. */
const names =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );

/** With the real-time signals, as `kill -l` counts them. */
export const signalNames: readonly (readonly [number, string])[] = [
  ...names.map((name, index) => [index + 1, name] as const),
  ...Array.from({ length: 31 }, (_, index) => [index + 34, realtime(index)] as const),
];

function realtime(index: number): string {
  if (index === 0) return 'RTMIN';
  if (index === 30) return 'RTMAX';
  return index <= 15 ? `RTMIN+${index}` : `RTMAX-${30 - index}`;
}

/** From `9`, `KILL`, `SIGKILL`, in any case; 0 is `EXIT`. */
export function signalOf(text: string): { readonly number: number; readonly name: string } | undefined {
  const bare = text.toUpperCase().replace(/^SIG/, '');
  if (bare === '0' || bare === 'EXIT') return { number: 0, name: 'EXIT' };
  const found = signalNames.find(([number, name]) => name === bare || String(number) === text);
  return found && { number: found[0], name: found[1] };
}
