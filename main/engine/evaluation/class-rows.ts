import { WorkbenchError } from '#contract/errors.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { classEmbeddings } from '#core/statistics/zero-shot.ts';
import type { Embedder } from './embed.ts';

/** Predictions kept for each picture, best first. */
export const keptPredictions = 5;

/** Classes and the prompts that stand for each of them. */
export interface ClassPrompts {
  classes: readonly string[];
  prompts: readonly string[];
  /** Texts that go through the tower at once; it changes no result. */
  batchSize: number;
}

/** One embedding for each class, [classes, dim]: its prompts go through the text tower in batches of whole classes. */
export async function embedClasses(
  embedder: Embedder,
  { classes, prompts, batchSize }: ClassPrompts,
  dim: number,
): Promise<{ values: Float32Array; dim: number }> {
  const values = new Float32Array(classes.length * prompts.length * dim);
  const classesPerBatch = Math.max(1, Math.floor(batchSize / prompts.length));
  for (let from = 0; from < classes.length; from += classesPerBatch) {
    const some = classes.slice(from, from + classesPerBatch);
    const texts = some.flatMap((name) => prompts.map((prompt) => fillTemplate(prompt, { class: name })));
    values.set(await embedder.embedTexts(texts), from * prompts.length * dim);
  }
  return { values: classEmbeddings(values, classes.length, prompts.length, dim), dim };
}

/**
 * Where each of the head's classes stands among those of the dataset.
 * @throws WorkbenchError `bad-input` for a class that the dataset lacks
 */
export function matchClasses(headClasses: readonly string[], classes: readonly string[]): number[] {
  return headClasses.map((name) => {
    const number = classes.indexOf(name);
    if (number >= 0) return number;
    const message = `The model's head knows the class "${name}", which the dataset lacks: evaluate it on the dataset it was trained on.`;
    throw new WorkbenchError('bad-input', message, { class: name });
  });
}
