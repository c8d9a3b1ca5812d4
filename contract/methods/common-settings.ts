import { z } from 'zod';

/** Settings of every method that goes through its data in batches by AdamW; a method's schema spreads them in. */
export const loopShape = {
  epochs: z
    .number()
    .int()
    .min(1)
    .meta({ title: 'Epochs', description: 'Number of passes over the training pairs.' }),
  batchSize: z.number().int().min(2).meta({
    title: 'Batch size',
    description: 'Pairs in a step. A contrastive loss compares each with all others of its batch.',
  }),
  learningRate: z
    .number()
    .positive()
    .meta({ title: 'Learning rate', description: 'The highest rate, after the warm-up.', step: 1e-5 }),
  warmupSteps: z.number().int().min(0).meta({
    title: 'Warm-up steps',
    description: 'Steps over which the learning rate rises from zero, in a straight line.',
  }),
  schedule: z.enum(['cosine', 'constant', 'reference']).meta({
    title: 'Schedule',
    description:
      'How the learning rate goes on after the warm-up: down along a cosine, or constant; reference is the cosine as the code of the reference implementation runs it, one epoch late.',
  }),
  weightDecay: z.number().min(0).meta({
    title: 'Weight decay',
    description: 'Decay of the weights in AdamW; biases, norms and the logit scale have none.',
    step: 0.01,
  }),
};

export const precisions = ['float32', 'bfloat16'] as const;
export type Precision = (typeof precisions)[number];

/**
 * How a step is computed, where the method's loss can be: a large batch in little memory
 * (main/engine/training/cached-step.ts), products in fewer bits (main/engine/tensorflow/mixed-precision.ts).
 */
export const stepShape = {
  partSize: z.number().int().min(0).default(0).meta({
    title: 'Part size',
    description:
      "Pairs that go through the towers at once, to train on large batches in little memory; the loss still compares the whole batch (cached gradients). It divides the batch size. 0: the whole batch at once. A ResNet also needs 'Batch norm by parts', since its batch norms then see one part in place of the batch.",
  }),
  partBatchNorm: z.boolean().default(false).meta({
    title: 'Batch norm by parts',
    description:
      'For ResNets in parts: their batch norms then see one part in place of the batch, which is another training. ViTs have none, and their steps are the same with parts and without.',
  }),
  precision: z.enum(precisions).default('float32').meta({
    title: 'Precision',
    description:
      'In what matrices are multiplied: float32, or bfloat16 (mixed precision), which recent GPUs compute several times as fast and processors mostly do not. Weights, moments, norms and losses stay float32.',
  }),
};

const stepSchema = z.object({ batchSize: z.number().default(1), ...stepShape });

/** In what a method's steps multiply matrices. */
export function precisionOf(settings: unknown): Precision {
  return stepSchema.parse(settings).precision;
}

/** How a method's steps go through the towers in parts; null where they do so in one piece. */
export function partsOf(settings: unknown): z.output<typeof stepSchema> | null {
  const parts = stepSchema.parse(settings);
  return parts.partSize > 0 && parts.partSize < parts.batchSize ? parts : null;
}

/** A step in one piece and full precision. */
export const plainStep = { partSize: 0, partBatchNorm: false, precision: 'float32' } as const;

/** How original pictures are changed before a method sees them. */
export const imageAugmentationShape = {
  imageAugmentation: z.enum(['none', 'shift']).meta({
    title: 'Image augmentation',
    description:
      'How original pictures are changed: not at all, or shifted by up to 3/32 of their side, with the edge repeated.',
  }),
};

/** How a second view of each picture is made. */
export const viewAugmentationShape = {
  viewAugmentation: z.enum(['small', 'autoaugment']).meta({
    title: 'Augmented views',
    description:
      "How the second view of a picture is made: by small changes, or by AutoAugment's ImageNet policy, as in the paper.",
  }),
};

/** How the second view of a pair is made where it is compared with the pair itself. */
export const pairViewShape = {
  viewAugmentation: z.enum(['small', 'small-erased', 'autoaugment', 'autoaugment-full']).meta({
    title: 'Augmented views',
    description:
      "How the second view of a picture is made: by small changes, with random erasing (a rectangle of noise in half of the views) or without, or by AutoAugment's ImageNet policy, on the picture at the model's resolution or, as in the reference's code, on the whole picture before resize and crop.",
  }),
  textAugmentation: z.enum(['reword', 'eda']).default('reword').meta({
    title: 'Changed captions',
    description:
      'How the second view of a caption is made: words swapped and left out anew each time, or EDA with synonyms, once for each caption, as in the paper.',
  }),
};

/** What a finetuning does with the optimiser of the model that it starts from. */
export const momentsShape = {
  moments: z.enum(['fresh', 'kept']).default('fresh').meta({
    title: 'AdamW moments',
    description:
      "Whether AdamW begins anew or goes on with the moments of the model's own training, as the reference's finetuning does.",
  }),
};

const mixing = z.number().min(0).max(1);
const mixingWords = {
  title: 'Mixing coefficient',
  description:
    'Part of the finetuned weights in those that the run ends with; the rest are the weights that it starts from (WiSE-FT). 1 is finetuning alone, 0 the start model.',
  step: 0.05,
};

/** Mixing finetuned weights with those that a run starts from, for methods that cannot do without. */
export const mixShape = { mix: mixing.meta(mixingWords) };

/** The same for methods that usually end with what they trained. */
export const optionalMixShape = { mix: mixing.default(1).meta(mixingWords) };

/** Part of the finetuned weights in those that a run ends with; 1 for methods that mix nothing. */
export function mixOf(settings: unknown): number {
  return z.object(optionalMixShape).parse(settings).mix;
}

/** The demo's settings that its methods share: shared/demo/recipe.json. */
export const demoLoop = {
  batchSize: 128,
  learningRate: 1e-3,
  schedule: 'cosine',
  weightDecay: 0.1,
} as const;

/** The paper's for finetuning (CleanCLIP, section 4.1). */
export const paperFinetuning = {
  epochs: 10,
  batchSize: 64,
  learningRate: 1e-5,
  warmupSteps: 50,
  schedule: 'cosine',
  weightDecay: 0.1,
  imageAugmentation: 'none',
} as const;

/** As the reference's code finetunes, against what is published: docs/paper.md. */
export const referenceFinetuning = { ...paperFinetuning, schedule: 'reference', moments: 'kept' } as const;

/** Where the settings of the demo's presets come from. */
export const demoSource = "The demo's recipe, for small models (docs/demo.md)";
export const paperSource = 'CleanCLIP (arXiv 2303.03323), section 4.1';
export const referenceSource =
  'src/main.py and src/train.py of nishadsinghi/CleanCLIP@d6e2f1d (docs/paper.md)';
