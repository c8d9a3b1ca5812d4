/** A run of words that both captions have, or that only one has. */
export interface CaptionPiece {
  text: string;
  kind: 'same' | 'old' | 'new';
}

/** Words looked at; longer captions are shown as wholly changed. */
const mostWords = 200;

/**
 * The change from one caption to another, word by word: the longest common run of words stays, what only the old one
 * has comes before what only the new one has.
 */
export function markChange(before: string, after: string): CaptionPiece[] {
  const old = before.split(/\s+/).filter((word) => word !== '');
  const now = after.split(/\s+/).filter((word) => word !== '');
  if (old.length > mostWords || now.length > mostWords) {
    return [
      { text: before, kind: 'old' },
      { text: after, kind: 'new' },
    ];
  }
  const pieces: CaptionPiece[] = [];
  const put = (word: string, kind: CaptionPiece['kind']) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += ` ${word}`;
    else pieces.push({ text: word, kind });
  };
  const common = commonLengths(old, now);
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      put(old[i] as string, 'same');
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      put(old[i] as string, 'old');
      i += 1;
    } else {
      put(now[j] as string, 'new');
      j += 1;
    }
  }
  return pieces;
}

const at = (table: readonly (readonly number[])[], i: number, j: number): number => table[i]?.[j] ?? 0;

/** At [i][j]: how many words the rests from i and from j have in common, in order. */
function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      (table[i] as number[])[j] =
        old[i] === now[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}
