/** Scripts that a server keeps by their digest, the latest of them. */
import { createHash } from 'node:crypto';

const most = { scripts: 200, characters: 256 * 1024 };

export class Scripts {
  private readonly sources = new Map<string, string>();
  /** Characters of all, each of which is a byte. */
  private characters = 0;

  /** @returns its digest */
  keep(source: string): string {
    const sha = shaOf(source);
    this.delete(sha);
    this.sources.set(sha, source);
    this.characters += source.length;
    for (const oldest of this.sources.keys()) {
      if (this.sources.size <= most.scripts && this.characters <= most.characters) break;
      this.delete(oldest);
    }
    return sha;
  }

  /** @param sha in any case */
  get(sha: string): string | undefined {
    return this.sources.get(sha.toLowerCase());
  }

  clear(): void {
    this.sources.clear();
    this.characters = 0;
  }

  get count(): number {
    return this.sources.size;
  }

  /** Bytes. */
  get size(): number {
    return this.characters;
  }

  private delete(sha: string): void {
    const source = this.sources.get(sha);
    if (source === undefined) return;
    this.sources.delete(sha);
    this.characters -= source.length;
  }
}

export function shaOf(source: string): string {
  return createHash('sha1').update(source, 'latin1').digest('hex');
}
