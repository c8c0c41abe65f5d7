/** Thrown where a shell gives up more than one command: an expansion that fails, what a special builtin cannot do. */
export class Failure extends Error {
  readonly exitCode: number;
  /** Ends the shell; else what is left of the line, if it is no subshell. */
  readonly isFinal: boolean;
  /** The message was printed already. */
  isReported = false;

  /** @param message as it is printed behind the name of the shell; empty where all was said */
  constructor(message: string, exitCode = 1, isFinal = false) {
    super(message);
    this.exitCode = exitCode;
    this.isFinal = isFinal;
    this.isReported = message === '';
  }
}
