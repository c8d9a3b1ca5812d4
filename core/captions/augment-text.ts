import type { Random } from '../random/random.ts';

const swapChance = 0.5;
const deleteChance = 0.15;
/** Texts of no more words than this only lose their punctuation. */
const keptWords = 2;

/**
 * A view of a caption for CleanCLIP's self-supervised term (shared/demo/recipe.json, clean.textAugmentation): without
 * punctuation; in texts of more than two words two words change places with probability 0.5, then each word is left
 * out with probability 0.15. What would leave nothing is not done.
 */
export function augmentText(text: string, random: Random): string {
  const words = stripPunctuation(text);
  if (words.length === 0) return text;
  if (words.length <= keptWords) return words.join(' ');
  if (random.chance(swapChance)) swapTwo(words, random);
  const kept = words.filter(() => !random.chance(deleteChance));
  return (kept.length > 0 ? kept : words).join(' ');
}

/** The words of a text without punctuation marks; hyphens and slashes part words, other marks vanish. */
function stripPunctuation(text: string): string[] {
  return text
    .replace(/[\p{Dash_Punctuation}/\\]/gu, ' ')
    .replace(/[\p{Punctuation}$+<=>^`|~]/gu, '')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Two different places, each pair as likely as any other. */
function swapTwo(words: string[], random: Random): void {
  const first = random.integer(words.length);
  const other = random.integer(words.length - 1);
  const second = other < first ? other : other + 1;
  [words[first], words[second]] = [words[second] as string, words[first] as string];
}
