/**
 * Why a connection ends before its time. sshd has two ways to go: with a DISCONNECT that says a sentence, and without a
 * word, when it dies in `fatal()`; which of them is part of what a client can see, so every fault knows.
 */
export class SshFault extends Error {
  /** What the client is told, with the reason PROTOCOL_ERROR; absent where sshd only closes. */
  readonly farewell: string | undefined;

  constructor(reason: string, farewell?: string) {
    super(reason.slice(0, longest));
    this.name = 'SshFault';
    this.farewell = farewell?.slice(0, longest);
  }
}

/** Characters of a sentence: what sshd's buffer for it takes. */
const longest = 1023;

/** A fault that closes without a word. */
export const hangUp = (reason: string): SshFault => new SshFault(reason);

/** A fault whose reason is told to the client. */
export const disconnect = (farewell: string): SshFault => new SshFault(farewell, farewell);
