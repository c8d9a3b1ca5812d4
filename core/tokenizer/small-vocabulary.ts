import type { Tokenizer } from './tokenizer.ts';

/** The tokens that occur in some texts, start and end included: their ids in CLIP's numbering, ascending. */
export function collectVocabulary(tokenizer: Tokenizer, texts: Iterable<string>): number[] {
  const ids = new Set([tokenizer.startId, tokenizer.endId]);
  for (const text of texts) {
    for (const id of tokenizer.encode(text)) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b);
}

/**
 * Reads texts with a small model's vocabulary: tokens are renumbered by their place in it, others are left out. The
 * end token stays the highest, as text towers need it. Cut at the context length as tokenise does.
 */
export function createSmallEncoder(
  tokenizer: Tokenizer,
  vocabulary: readonly number[],
): (text: string, contextLength: number) => number[] {
  const places = new Map(vocabulary.map((id, place) => [id, place]));
  return (text, contextLength) => {
    const ids: number[] = [];
    for (const id of tokenizer.encode(text)) {
      const place = places.get(id);
      if (place !== undefined) ids.push(place);
    }
    return ids.slice(0, contextLength);
  };
}
