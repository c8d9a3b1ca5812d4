import type { ModelSpec } from '#contract/clip-config.ts';
import type { NewRun } from '#contract/run.ts';
import type { UnseenTokens } from '#contract/unseen-tokens.ts';
import { mostUnseenShown } from '#core/prompts/unseen-words.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { findModel } from '#db/models/models.ts';
import { loadTokenizer, loadTokenTexts } from '#main/data/words/clip-merges.ts';
import type { Workspace } from '../workspace.ts';

/** Captions of a dataset that are looked at before a run: enough to tell, and done in a moment. */
const captionsLookedAt = 2000;

/** Looks at texts one by one for tokens that a model's own vocabulary lacks. */
export interface UnseenTokenCounter {
  look(text: string): void;
  found(): UnseenTokens;
}

/**
 * A counter for a model; null for one with all of CLIP's tokens: what its training saw of them is not known.
 * @param spec the model's
 */
export function countUnseenTokens({ vocabulary }: Pick<ModelSpec, 'vocabulary'>): UnseenTokenCounter | null {
  if (vocabulary === null) return null;
  const known = new Set(vocabulary);
  const tokenizer = loadTokenizer();
  const unseen = new Set<number>();
  let texts = 0;
  let textsWith = 0;
  return {
    look(text) {
      const lacking = tokenizer.encode(text).filter((id) => !known.has(id));
      texts += 1;
      if (lacking.length > 0) textsWith += 1;
      for (const id of lacking) unseen.add(id);
    },
    found: () => ({
      known: known.size,
      tokens: [...unseen].slice(0, mostUnseenShown).map(loadTokenTexts()),
      texts,
      textsWith,
    }),
  };
}

/** Of prompts and class names; null as {@link countUnseenTokens}. */
export function findUnseenTokens(
  spec: Pick<ModelSpec, 'vocabulary'>,
  prompts: readonly string[],
  classes: readonly string[],
): UnseenTokens | null {
  const counter = countUnseenTokens(spec);
  // Tokens do not reach over spaces, so prompts and names are read apart.
  for (const prompt of prompts) counter?.look(prompt.replaceAll('{}', ' '));
  for (const name of classes) counter?.look(name);
  return counter?.found() ?? null;
}

/** What a model will not understand of a dataset that it is trained and measured on. */
export interface UnseenInDataset {
  /** Of the first captions of the training records. */
  captions: UnseenTokens;
  /** Of prompts and class names. */
  prompts: UnseenTokens;
}

/** Captions never change once they are imported. */
const captionsSeen = new Map<string, UnseenTokens>();

/** What a planned run's start model will not understand; null from scratch, and for a model with all of CLIP's tokens. */
export function findUnseenByStart(
  { db }: Workspace,
  { parentModelId, datasetId }: Pick<NewRun, 'parentModelId' | 'datasetId'>,
): UnseenInDataset | null {
  if (parentModelId === null) return null;
  const { id, spec } = findModel(db, parentModelId);
  const dataset = findDataset(db, datasetId);
  const prompts = findUnseenTokens(spec, dataset.prompts, dataset.classes);
  const counter = countUnseenTokens(spec);
  if (prompts === null || counter === null) return null;
  const key = `${id} ${dataset.id}`;
  const remembered = captionsSeen.get(key);
  if (remembered !== undefined) return { captions: remembered, prompts };
  let left = captionsLookedAt;
  for (const { caption } of iterateRecords(db, dataset.id, { split: 'train' })) {
    counter.look(caption);
    left -= 1;
    if (left === 0) break;
  }
  const captions = counter.found();
  captionsSeen.set(key, captions);
  return { captions, prompts };
}
