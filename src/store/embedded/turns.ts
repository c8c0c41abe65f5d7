/**
 * One database session for many clients: whoever has a transaction open keeps the turn, everybody else waits in
 * line. A client that sits on its turn without a word is put out, so that a forgotten transaction cannot stop all.
 */
export interface Client {
  /** Its transaction was rolled back, or it lost its turn. */
  evict(): void;
}

export type Kept = boolean | 'working';

export interface Turns {
  /**
   * Runs what a client sends as soon as the turn is free or its own.
   * @param run says whether the client keeps the turn; with `working` for as long as it takes
   */
  take(client: Client, run: () => Kept): void;
  /** The client is gone: it leaves the line, and gives the turn back. */
  leave(client: Client, roll: () => void): void;
}

/** @param patience milliseconds that a client may keep the turn without sending anything */
export function createTurns(patience: number): Turns {
  const line: { readonly client: Client; readonly run: () => Kept }[] = [];
  let holder: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let kept: Kept = false;

  function go(): void {
    if (running) return;
    running = true;
    try {
      while (true) {
        const index = holder === undefined ? 0 : line.findIndex((one) => one.client === holder);
        const next = index < 0 ? undefined : line[index];
        if (next === undefined) break;
        line.splice(index, 1);
        clearTimeout(timer);
        kept = next.run();
        holder = kept === false ? undefined : next.client;
      }
    } finally {
      running = false;
    }
    clearTimeout(timer);
    if (holder !== undefined && kept !== 'working')
      timer = setTimeout((one) => one.evict(), patience, holder);
  }

  return {
    take(client, run) {
      line.push({ client, run });
      go();
    },
    leave(client, roll) {
      for (let at = line.length - 1; at >= 0; at--) if (line[at]!.client === client) line.splice(at, 1);
      if (holder !== client) return;
      holder = undefined;
      clearTimeout(timer);
      roll();
      go();
    },
  };
}
