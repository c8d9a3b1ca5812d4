import { z } from 'zod';
import type { Method, Parameter } from '#contract/api/runs.ts';
import { architectureNames } from '#contract/architectures.ts';
import { paperPresets, runPresets } from '#contract/presets.ts';
import { type RunKind, runKinds, type TrainingConfig, trainingConfigSchema } from '#contract/run.ts';

type Setting = Exclude<keyof TrainingConfig, 'kind' | 'architecture'>;

/** What a form says of each setting. */
const texts = {
  epochs: ['Epochs', 'How often the training pairs are gone through.'],
  batchSize: ['Batch size', 'Pairs in a step. Each pair is compared with all others of its batch.'],
  learningRate: ['Learning rate', 'The highest rate, after the warm-up.'],
  warmupSteps: ['Warm-up steps', 'Steps over which the learning rate rises from zero, in a straight line.'],
  schedule: [
    'Schedule',
    'How the learning rate goes on after the warm-up: down along a cosine, or constant.',
  ],
  weightDecay: ['Weight decay', 'Of AdamW; biases, norms and the logit scale have none.'],
  lambda: ['Lambda', 'Weight of the self-supervised term beside the contrastive one.'],
  imageAugmentation: [
    'Image augmentation',
    'How original pictures are changed: not at all, or shifted by up to 3/32 of their side.',
  ],
  viewAugmentation: [
    'Augmented views',
    "How CleanCLIP's second view of a picture is made: by small changes (small), or by AutoAugment's ImageNet policy, as in the paper.",
  ],
  share: ['Share of the pairs', 'The part of the training pairs that is used, above 0 and up to 1.'],
  seed: ['Seed', 'All randomness follows from it: the same seed gives the same run.'],
} as const satisfies Record<Setting, readonly [label: string, help: string]>;

/** Steps of the fields that are not integers. */
const fieldSteps: Partial<Record<Setting, number>> = {
  learningRate: 1e-5,
  weightDecay: 0.01,
  lambda: 0.5,
  share: 0.05,
};

const methods = {
  train: [
    'Train from scratch',
    'Contrastive training (MMCL) of a new CLIP, on clean or poisoned pairs (CleanCLIP, section 2.1).',
  ],
  cleanclip: [
    'CleanCLIP',
    'Contrastive and self-supervised finetuning on clean pairs, which removes a backdoor (CleanCLIP, section 3.2).',
  ],
  mmcl: [
    'MMCL finetuning',
    'The same finetuning without the self-supervised term, as a control (CleanCLIP, section 4.2).',
  ],
  supervised: [
    'Supervised finetuning',
    'The image tower and a linear head on labelled clean pictures (CleanCLIP, section 3.3).',
  ],
} as const satisfies Record<RunKind, readonly [label: string, summary: string]>;

/** Every method with its form, generated from the schema of a run's settings, and its presets. */
export function listMethods(): { methods: Method[]; architectures: string[] } {
  return { methods: runKinds.map(describeMethod), architectures: [...architectureNames] };
}

function describeMethod(kind: RunKind): Method {
  const [label, summary] = methods[kind];
  const settings = (Object.keys(texts) as Setting[]).filter(
    (name) => kind === 'cleanclip' || !['lambda', 'viewAugmentation'].includes(name),
  );
  return {
    kind,
    label,
    summary,
    parameters: settings.map(describeSetting),
    presets: [
      { name: 'Demo', config: runPresets[kind] },
      { name: 'Paper', config: paperPresets[kind] },
    ],
  };
}

/** What of JSON Schema zod writes for our settings. */
const jsonSchemaSchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
});

function describeSetting(name: Setting): Parameter {
  const schema = jsonSchemaSchema.parse(z.toJSONSchema(trainingConfigSchema.shape[name]));
  const [label, help] = texts[name];
  const kind = schema.enum !== undefined ? 'choice' : schema.type === 'integer' ? 'integer' : 'number';
  const max = schema.maximum ?? null;
  return {
    name,
    label,
    help,
    kind,
    min: schema.minimum ?? schema.exclusiveMinimum ?? null,
    // zod bounds integers by what a double holds exactly, which is no limit worth showing
    max: max === Number.MAX_SAFE_INTEGER ? null : max,
    step: kind === 'integer' ? 1 : (fieldSteps[name] ?? null),
    choices: schema.enum ?? [],
  };
}
