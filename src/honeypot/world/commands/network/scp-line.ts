/** What the two ends of scp's own protocol say to each other (scp.c of OpenSSH 9.2), as the far end says and hears it. */
import type { Run } from '../../program.ts';
import { bytes, latin } from '../tool.ts';

/** Characters of a record. */
const longestRecord = 2048;

/** Ends the program, with what was to be said said. */
export class Over extends Error {}

export class ScpLine {
  readonly run: Run;
  errors = 0;
  private ahead: Uint8Array = new Uint8Array();

  constructor(run: Run) {
    this.run = run;
  }

  /** @returns so many bytes at most, undefined at the end */
  async read(most: number): Promise<Uint8Array | undefined> {
    while (this.ahead.length === 0) {
      const chunk = await this.run.stdin.read();
      if (chunk === undefined) return undefined;
      this.ahead = chunk;
    }
    const some = this.ahead.subarray(0, most);
    this.ahead = this.ahead.subarray(some.length);
    return some;
  }

  /** @returns a record without its end, undefined at the end. @throws Over for one without end */
  async record(): Promise<string | undefined> {
    let text = '';
    for (;;) {
      const some = await this.read(1);
      if (some === undefined) {
        if (text === '') return undefined;
        return this.screwUp('lost connection');
      }
      if (some[0] === 10) return text;
      text += latin(some);
      if (text.length > longestRecord) throw new Over();
    }
  }

  agree(): Promise<void> {
    return this.run.stdout.write('\0');
  }

  /** A warning to the other end. */
  async complain(message: string): Promise<void> {
    this.errors += 1;
    await this.run.stdout.write(bytes(`\u0001scp: ${message}\n`));
  }

  async screwUp(why: string): Promise<never> {
    await this.complain(`protocol error: ${why}`);
    throw new Over();
  }

  /** @returns whether the other end agrees. @throws Over where it is gone, or has failed for good */
  async isAgreed(): Promise<boolean> {
    const [code] = (await this.read(1)) ?? [];
    if (code === undefined) throw new Over();
    if (code === 0) return true;
    this.errors += 1;
    await this.record();
    if (code !== 1) throw new Over();
    return false;
  }
}

/** Runs one end. @returns its exit code */
export async function ended(line: ScpLine, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return line.errors === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof Over) return 1;
    throw error;
  }
}
