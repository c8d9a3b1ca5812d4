const isBoundary = (text: string, index: number) => index === 0 || /[\s/·,:_-]/.test(text[index - 1] ?? '');
const plain = (value: string) => value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * How well what was typed fits a text: null where its characters do not occur in this order; else larger is better.
 * A start of a word and an unbroken stretch count, long texts cost a little; case, accents and blanks do not matter.
 */
export function fuzzyScore(typed: string, text: string): number | null {
  const needle = [...plain(typed).replace(/\s+/g, '')];
  const hay = plain(text);
  const width = hay.length;
  if (needle.length === 0) return 0;
  // best[j]: best score of the needle so far with its last character at j (Smith and Waterman's idea, without gaps' cost).
  let best: (number | null)[] = Array.from({ length: width }, () => null);
  for (const [index, character] of needle.entries()) {
    const next: (number | null)[] = Array.from({ length: width }, () => null);
    let reach: number | null = index === 0 ? 0 : null;
    for (let at = 0; at < width; at += 1) {
      const before = at > 0 ? (best[at - 1] ?? null) : null;
      if (index > 0 && at > 1) {
        const older = best[at - 2] ?? null;
        if (older !== null && (reach === null || older > reach)) reach = older;
      }
      if (hay[at] !== character) continue;
      const apart = reach === null ? null : reach + (isBoundary(hay, at) ? 5 : 1);
      const joined = before === null ? null : before + 6;
      if (apart !== null || joined !== null) next[at] = Math.max(apart ?? -Infinity, joined ?? -Infinity);
    }
    best = next;
  }
  const found = best.filter((score) => score !== null);
  return found.length === 0 ? null : Math.max(...found) - width * 0.05;
}

/** Those of which the title fits, or of whose other words one begins so; the best first, equal ones in their order. */
export function fuzzyFilter<T>(
  typed: string,
  items: readonly T[],
  texts: (item: T) => readonly [title: string, ...words: string[]],
): T[] {
  const start = plain(typed.trim());
  return items
    .flatMap((item) => {
      const [title, ...words] = texts(item);
      const score =
        fuzzyScore(typed, title) ?? (words.some((word) => plain(word).startsWith(start)) ? 0 : null);
      return score === null ? [] : [{ item, score }];
    })
    .toSorted((a, b) => b.score - a.score)
    .map((one) => one.item);
}
