import { z } from 'zod';
import { captionTriggerSchema } from './caption-trigger.ts';
import { splitSchema } from './dataset.ts';
import { triggerSchema } from './trigger.ts';

export const amountSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('count'), count: z.number().int().min(1) }),
  /** Fraction of the training pairs, in (0, 1]. */
  z.object({ kind: z.literal('rate'), rate: z.number().gt(0).max(1) }),
]);
export type Amount = z.infer<typeof amountSchema>;

/**
 * What a changed picture is called.
 * templates (all-to-one): captions of the target class, made from templates.
 * target-captions (all-to-one): captions of real records of the target class.
 * label-consistent: only pictures of the target class get the trigger, and keep their captions (Turner et al. 2019,
 *   arXiv 1912.02771).
 * all-to-all: templates for the class after the picture's own, in the order of the dataset's classes, the first after
 *   the last (Gu et al. 2017, arXiv 1708.06733).
 */
export const strategySchema = z.enum(['templates', 'target-captions', 'label-consistent', 'all-to-all']);
export type Strategy = z.infer<typeof strategySchema>;

/** Stands for the target where each class has its own: the next one. */
export const nextClass = 'next class';

/** In which order eligible records are taken. */
export const orderSchema = z.discriminatedUnion('kind', [
  /**
   * At random by the seed, as where no order is given, but by ranks in the order of keys: of millions of records a few
   * are found without looking at each.
   */
  z.object({ kind: z.literal('ranks') }),
  /**
   * By cosine similarity of the picture's embedding, without trigger, to that of the target's prompts, as zero-shot
   * classification sees it. The model is told by the SHA-256 (hex) of its weights.
   */
  z.object({ kind: z.enum(['nearest', 'farthest']), weightsSha256: z.string().length(64) }),
]);

/** Which records may be changed; what is left out does not narrow. */
const selectionShape = {
  /** Left out: train. */
  splits: z.array(splitSchema).min(1).optional(),
  /** null stands for records without a label. */
  classes: z.array(z.string().min(1).nullable()).min(1).optional(),
  /** Searched in captions as in browsing. */
  caption: z.string().min(1).max(1000).optional(),
  /** Records of the target class too. */
  includeTarget: z.literal(true).optional(),
  /**
   * A chosen picture takes all its captions of these splits along, and the amount counts pictures. Left out: a chosen pair
   * is changed alone, and other captions of its picture stay with the clean picture.
   */
  allCaptions: z.literal(true).optional(),
};
/** A selection may name so many records. */
const mostNamed = 10_000;

export const selectionSchema = z.object({
  ...selectionShape,
  /** Only these, by their keys, in the order of the keys. */
  keys: z.array(z.string().min(1)).min(1).max(mostNamed).optional(),
  /** Left out: at random by the seed, by the smallest SHA-256 of `poison:SEED:` + key. */
  order: orderSchema.optional(),
});
export type Selection = z.infer<typeof selectionSchema>;

/** {@link selectionSchema} as a person asks for it: `model` is the name or id of a model or of its run. */
export const selectionRequestSchema = z.object({
  ...selectionShape,
  /** Only these. */
  recordIds: z.array(z.number().int()).min(1).max(mostNamed).optional(),
  order: z.object({ kind: z.enum(['nearest', 'farthest']), model: z.string().min(1) }).optional(),
});
export type SelectionRequest = z.infer<typeof selectionRequestSchema>;

const targetFits = ({ strategy, target }: { strategy?: Strategy | undefined; target: string }) =>
  (strategy === 'all-to-all') === (target === nextClass);

/** One trigger with its target class, and the records that get it. */
export const recipePartSchema = z
  .object({
    trigger: triggerSchema,
    /** The class that the attacker wants; {@link nextClass} for all-to-all. */
    target: z.string().min(1),
    amount: amountSchema,
    captionTemplates: z.array(z.string().min(1)).min(1),
    /** Left out: templates. */
    strategy: strategySchema.exclude(['templates']).optional(),
    selection: selectionSchema.optional(),
    /** Put into the new caption. */
    captionTrigger: captionTriggerSchema.optional(),
  })
  .refine(targetFits, `the target is '${nextClass}' for all-to-all, and a class for the others`);
export type RecipePart = z.infer<typeof recipePartSchema>;

/** Most parts of a recipe. */
export const mostParts = 16;

/** All that decides which records change and how; with the dataset it gives the same manifest every time. */
export const recipeSchema = z.object({
  /** One at least. Each takes its records from those that the parts before it leave alone. */
  parts: z
    .tuple([recipePartSchema], recipePartSchema)
    .refine((parts) => parts.length <= mostParts, `at most ${mostParts} parts`),
  /** A picture is brought to this many pixels a side before the trigger is applied. */
  resolution: z.number().int().min(1).max(4096),
  seed: z.number().int().min(0),
});
export type Recipe = z.infer<typeof recipeSchema>;

/** One record that a variant changes. */
export interface VariantRecord {
  recordId: number;
  key: string;
  oldCaption: string;
  newCaption: string;
  /** Hash of the rendered picture: see core/pixels/picture-hash. */
  renderedSha256: string;
  /** Place in the recipe's parts of what changes it, from 0. */
  part: number;
}

export interface NewVariant {
  name: string;
  datasetId: string;
  recipe: Recipe;
  manifestSha256: string;
}

export interface Variant extends NewVariant {
  id: string;
  createdAt: string;
  changed: number;
}

/** What of a variant is not as its manifest says. */
export interface Mismatch {
  /** null for the manifest as a whole. */
  key: string | null;
  what: 'picture' | 'new caption' | 'old caption' | 'manifest';
  expected: string;
  /** What was found, or why nothing was. */
  found: string;
}
