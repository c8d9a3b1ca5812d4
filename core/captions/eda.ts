import type { Random } from '../random/random.ts';

/** Other words for one in lower case; each may be several words. */
export type SynonymsOf = (word: string) => readonly string[];

/** Alpha of all four operations, as the reference implementation calls them. */
const alpha = 0.1;
const insertionTries = 10;
const swapTries = 3;

/**
 * A view of a caption by EDA (Wei and Zou 2019, arXiv 1901.11196) as the reference implementation uses it
 * (utils/augment_text.py of nishadsinghi/CleanCLIP@d6e2f1d): lower case, letters and spaces only; then one of synonym
 * replacement, random insertion, random swap and random deletion, each as likely as the others. A text without letters
 * stays as it is.
 */
export function augmentByEda(text: string, random: Random, synonymsOf: SynonymsOf): string {
  const words = wordsOf(text);
  if (words.length === 0) return text;
  const changes = Math.max(1, Math.trunc(alpha * words.length));
  const operation = operations[random.integer(operations.length)]!;
  return operation({ words, changes, random, synonymsOf }).join(' ');
}

/** The words of a text in lower case: apostrophes vanish, hyphens part words, all but letters a to z is a space. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z]+/g, ' ')
    .split(' ')
    .filter((word) => word !== '');
}

interface Draw {
  words: readonly string[];
  changes: number;
  random: Random;
  synonymsOf: SynonymsOf;
}

const operations: readonly ((draw: Draw) => string[])[] = [
  replaceBySynonyms,
  insertSynonyms,
  swapWords,
  deleteWords,
];

/** So many different words, function words left out, become one of their synonyms wherever they stand. */
function replaceBySynonyms({ words, changes, random, synonymsOf }: Draw): string[] {
  const candidates = [...new Set(words.filter((word) => !functionWords.has(word)))];
  random.shuffle(candidates);
  const chosen = new Map<string, string>();
  for (const word of candidates) {
    const synonyms = synonymsOf(word);
    if (synonyms.length > 0) chosen.set(word, synonyms[random.integer(synonyms.length)]!);
    if (chosen.size >= changes) break;
  }
  return words.map((word) => chosen.get(word) ?? word);
}

/** So often a synonym of some word is put somewhere before the last word. */
function insertSynonyms({ words, changes, random, synonymsOf }: Draw): string[] {
  const longer = [...words];
  for (let change = 0; change < changes; change++) {
    for (let tries = 0; tries < insertionTries; tries++) {
      const synonyms = synonymsOf(longer[random.integer(longer.length)]!);
      if (synonyms.length === 0) continue;
      longer.splice(random.integer(longer.length), 0, synonyms[random.integer(synonyms.length)]!);
      break;
    }
  }
  return longer;
}

/** So often two words change places; where chance gives the same place too often, none do. */
function swapWords({ words, changes, random }: Draw): string[] {
  const swapped = [...words];
  for (let change = 0; change < changes; change++) {
    const first = random.integer(swapped.length);
    let second = first;
    for (let tries = 0; second === first && tries <= swapTries; tries++)
      second = random.integer(swapped.length);
    [swapped[first], swapped[second]] = [swapped[second]!, swapped[first]!];
  }
  return swapped;
}

/** Each word goes with probability alpha; where none is left, one of them stays. */
function deleteWords({ words, random }: Draw): string[] {
  if (words.length === 1) return [...words];
  const kept = words.filter(() => !random.chance(alpha));
  return kept.length > 0 ? kept : [words[random.integer(words.length)]!];
}

/** Words that carry grammar, which are never replaced: pronouns, articles, prepositions, auxiliaries, conjunctions. */
const functionWords = new Set(
  [
    'i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself',
    'it its itself they them their theirs themselves what which who whom this that these those am is are was were be',
    'been being have has had having do does did doing a an the and but if or because as until while of at by for with',
    'about against between into through during before after above below to from up down in out on off over under again',
    'further then once here there when where why how all any both each few more most other some such no nor not only',
    'own same so than too very s t can will just don should now',
  ]
    .join(' ')
    .split(' '),
);
