/**
 * Puts a `StartFact` together within its bounds, and says where they cut something off. Facts lie in the cache, so
 * that passwords of commands are left out.
 */
import type { StartFact } from '../detector.ts';
import { isKeyMaterial, withoutSecrets, wordsWithoutSecrets } from '../secrets/without-secrets.ts';

/** Most paths and most commands of one file, and most characters in both. */
const most = { entries: 5000, characters: 512 * 1024 } as const;

export interface FactDraft {
  ref(path: string): void;
  command(words: readonly string[]): void;
  add(fact: StartFact): void;
  /** Something of the file was not read. */
  cut(): void;
  fact(): StartFact;
}

export function draftFact(): FactDraft {
  const refs = new Set<string>();
  const commands = new Map<string, readonly string[]>();
  let characters = 0;
  let isCut = false;

  function hasRoom(entries: number, size: number): boolean {
    const fits = entries < most.entries && characters + size <= most.characters;
    if (fits) characters += size;
    else isCut = true;
    return fits;
  }

  const draft: FactDraft = {
    ref(path) {
      if (!refs.has(path) && !isKeyMaterial(path) && hasRoom(refs.size, path.length)) refs.add(path);
    },
    command(words) {
      const key = words.join('\0');
      if (!commands.has(key) && hasRoom(commands.size, key.length)) commands.set(key, words);
    },
    add(fact) {
      for (const path of fact.refs) draft.ref(path);
      for (const words of fact.commands) draft.command(words);
      isCut ||= fact.cut === true;
    },
    cut() {
      isCut = true;
    },
    fact: () => ({ ...maskedFact([...refs], [...commands.values()]), ...(isCut && { cut: true }) }),
  };
  return draft;
}

/** Facts are kept on disk. All is looked through at once, since hardly any file has a secret in its commands. */
function maskedFact(refs: readonly string[], commands: readonly (readonly string[])[]): StartFact {
  const text = [...refs, ...commands.map((words) => words.join('\v'))].join('\n');
  const isQuiet = withoutSecrets(text) === text && !commands.some((words) => words.some(isKeyMaterial));
  if (isQuiet) return { refs, commands };
  return { refs: refs.map(withoutSecrets), commands: commands.map(wordsWithoutSecrets) };
}
