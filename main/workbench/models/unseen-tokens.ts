import type { ModelSpec } from '#contract/clip-config.ts';
import { loadTokenizer, loadTokenTexts } from '#main/data/words/clip-merges.ts';

/** Most that are listed. */
const shown = 20;

/**
 * Tokens of prompts and class names that a model's own vocabulary lacks, as texts: its training never saw them, and it
 * reads them as nothing. None for a model with all of CLIP's tokens: what its training saw is not known.
 */
export function findUnseenTokens(
  { vocabulary }: Pick<ModelSpec, 'vocabulary'>,
  prompts: readonly string[],
  classes: readonly string[],
): string[] {
  if (vocabulary === null) return [];
  const known = new Set(vocabulary);
  const tokenizer = loadTokenizer();
  const unseen = new Set<number>();
  // Tokens do not reach over spaces, so prompts and names are read apart.
  for (const text of [...prompts.map((prompt) => prompt.replaceAll('{}', ' ')), ...classes])
    for (const id of tokenizer.encode(text)) if (!known.has(id)) unseen.add(id);
  const textOf = loadTokenTexts();
  return [...unseen].slice(0, shown).map(textOf);
}
