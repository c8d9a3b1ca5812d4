import type { ModelFileReport } from '#contract/model-files.ts';
import type { UnseenTokens } from '#contract/unseen-tokens.ts';

const grouped = (count: number) => count.toLocaleString('en-GB');

/** Most tokens that are listed. */
export const mostUnseenShown = 20;

/**
 * A sentence on texts that hold tokens which a model's training never saw; null where there are none.
 * @param noun what the texts are, in the plural
 */
export function describeUnseen(unseen: UnseenTokens | null, noun: string): string | null {
  if (unseen === null || unseen.tokens.length === 0) return null;
  const { known, tokens, texts, textsWith } = unseen;
  const more = tokens.length === mostUnseenShown ? ' …' : '';
  return `${grouped(textsWith)} of ${grouped(texts)} ${noun} hold tokens that the model’s training never saw, and it reads them as nothing: ${tokens.join(' ')}${more} (it knows ${grouped(known)} of CLIP’s 49,408 tokens).`;
}

/** Which text a model from a file can be given. */
export function vocabularyWords({ kind, tokens }: ModelFileReport['vocabulary']): string {
  const count = grouped(tokens);
  if (kind === 'clip') return `Vocabulary: all of CLIP’s tokens.`;
  if (kind === 'part') return `Vocabulary: ${count} of CLIP’s 49,408 tokens; it reads the others as nothing.`;
  return `Vocabulary: ${count} tokens of its own, and the file does not say which: no text can be given to it.`;
}
