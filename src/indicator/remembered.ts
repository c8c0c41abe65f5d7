/**
 * A function with its last answers, for work that costs much and is asked for again and again: what stands in a text
 * is read in several ways, and many files hold the same hosts.
 * @param most answers that are kept: more cost time and no memory
 * @param longest texts beyond it are worked on each time
 */
export function remembered<Answer>(
  work: (text: string) => Answer,
  { most, longest }: { readonly most: number; readonly longest: number },
): (text: string) => Answer {
  const known = new Map<string, Answer>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as Answer;
    const answer = work(text);
    if (text.length > longest) return answer;
    if (known.size >= most) known.clear();
    // A copy, because a part of a text holds all of it in memory.
    known.set(Buffer.from(text).toString(), answer);
    return answer;
  };
}
