import { oc } from '@orpc/contract';
import { z } from 'zod';
import { captionTriggerSchema } from '../caption-trigger.ts';
import { patchOptimisingSchema } from '../patch-optimising.ts';
import { triggerSchema } from '../trigger.ts';
import { triggerOriginSchema } from '../trigger-origin.ts';
import { unseenTokensSchema } from '../unseen-tokens.ts';
import { mediaSchema, referenceSchema, timeSchema } from './shared.ts';

const resolutionSchema = z.number().int().min(1).max(4096);
const triggerNameSchema = z.string().min(1).max(200);
const seedSchema = z.number().int().min(0);

/** A kind of trigger, with all that a form for it needs. */
export const triggerKindViewSchema = z.object({
  kind: z.string(),
  title: z.string(),
  /** One sentence. */
  description: z.string(),
  /** Paper or file that it follows. */
  source: z.string(),
  /** JSON Schema (draft 2020-12) of the parameters, with ranges and descriptions; that of contract/trigger.ts. */
  parameters: z.record(z.string(), z.unknown()),
  /** The first is the default. */
  presets: z.array(z.object({ name: z.string(), trigger: triggerSchema, thumbnail: mediaSchema })),
});
export type TriggerKindView = z.infer<typeof triggerKindViewSchema>;

export const captionKindViewSchema = triggerKindViewSchema.extend({
  presets: z.array(z.object({ name: z.string(), trigger: captionTriggerSchema })),
});
export type CaptionKindView = z.infer<typeof captionKindViewSchema>;

/** One version of a trigger that a person keeps, without its parameters, which may hold pictures. */
export const triggerVersionSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Counts from 1 for each name. */
  version: z.number().int(),
  kind: z.string(),
  /** Pixels a side of the recipe that it was made for: its sizes and places count in these. */
  resolution: z.number().int(),
  createdAt: timeSchema,
  /** The trigger on a drawing of ours, at most 128 pixels a side. */
  thumbnail: mediaSchema,
});
export type TriggerVersion = z.infer<typeof triggerVersionSchema>;

export const storedTriggerViewSchema = triggerVersionSchema.extend({
  trigger: triggerSchema,
  /** What made it, where a run did. */
  origin: triggerOriginSchema.nullable(),
  /** The model with the weights that the origin names; null where there is none here. */
  originModel: z.object({ name: z.string(), id: z.string() }).nullable(),
});
export type StoredTriggerView = z.infer<typeof storedTriggerViewSchema>;

/** A name with all its versions, the newest first. */
export const keptTriggerSchema = z.object({ name: z.string(), versions: z.array(triggerVersionSchema) });
export type KeptTrigger = z.infer<typeof keptTriggerSchema>;

/** A picture of the person's own to design on. */
export const triggerSampleSchema = z.object({
  recordId: z.number().int(),
  /** Decides, with the seed, what differs from picture to picture: hand it to renderTriggered as it is. */
  key: z.string(),
  caption: z.string(),
  label: z.string().nullable(),
  /** Pixels of `full`. */
  width: z.number().int(),
  height: z.number().int(),
  /** Lossless PNG, without alpha and colour profile, of exactly what training decodes: for triggers with `apply: before`. */
  full: mediaSchema,
  /**
   * Lossless PNG of the same brought to resolution x resolution, as renderTriggered brings it: for triggers with
   * `apply: after`, and far smaller. applyTrigger on it equals renderTriggered on `full` but for what is random per
   * picture, which applyTrigger takes from its own seed: use renderTriggered, which leaves a picture of this size as
   * it is.
   */
  square: mediaSchema,
  /** At most 96 pixels a side. */
  thumbnail: mediaSchema,
});
export type TriggerSample = z.infer<typeof triggerSampleSchema>;

/** A class as a model sees it in a picture. */
const scoreShape = {
  class: z.string(),
  /** Cosine of picture and class, -1 to 1; null for a model with a linear head. */
  similarity: z.number().nullable(),
  /** Softmax over the classes, 0 to 1, by the model's logit scale or its head's scores. */
  probability: z.number(),
};
export const classScoreSchema = z.object(scoreShape);

const viewOfPictureSchema = z.object({
  /** At most five classes, best first, ranked as an evaluation ranks them. */
  top: z.array(classScoreSchema),
  /**
   * How near the picture is to the target. `rank` counts from 1 and is null where the target is free text, as
   * `probability` is; a model with a linear head knows no similarity and no free text.
   */
  target: z.object({
    similarity: z.number().nullable(),
    probability: z.number().nullable(),
    rank: z.number().int().nullable(),
  }),
});

export const reactionRequestSchema = z.object({
  /** Name or id of a model or of its run. */
  model: referenceSchema,
  /** Whose classes and prompts are used; left out: that of the pictures. */
  dataset: referenceSchema.optional(),
  /** A class of the dataset, or any text. */
  target: z.string().min(1).max(200),
  recordIds: z.array(z.number().int()).min(1).max(24),
  trigger: triggerSchema,
  resolution: resolutionSchema,
  seed: seedSchema,
});
export type ReactionRequest = z.input<typeof reactionRequestSchema>;

export const reactionSchema = z.object({
  modelId: z.string(),
  model: z.string(),
  /** Whether `target` is a class. */
  targetIsClass: z.boolean(),
  /** Of prompts and class names; null for a model with all of CLIP's tokens. */
  unseen: unseenTokensSchema.nullable(),
  rows: z.array(
    z.object({
      recordId: z.number().int(),
      label: z.string().nullable(),
      before: viewOfPictureSchema,
      after: viewOfPictureSchema,
    }),
  ),
  /** How long it took in milliseconds; `load` is 0 where the model was there already. */
  ms: z.object({ load: z.number(), pictures: z.number(), model: z.number(), total: z.number() }),
});
export type Reaction = z.infer<typeof reactionSchema>;

export const optimiseRequestSchema = z.object({
  name: triggerNameSchema,
  /** Name or id of a model or of its run. */
  model: referenceSchema,
  /** Whose pictures and prompts are used; left out: that of the model's run. */
  dataset: referenceSchema.optional(),
  /** A class of the dataset. */
  target: z.string().min(1).max(200),
  ...patchOptimisingSchema.shape,
});

export const triggersApi = {
  /** Every kind, in the order in which they are shown; sizes and places in presets are those of the resolution. */
  kinds: oc
    .input(z.object({ resolution: resolutionSchema.default(224) }))
    .output(
      z.object({ kinds: z.array(triggerKindViewSchema), captionKinds: z.array(captionKindViewSchema) }),
    ),
  /** By name. */
  list: oc.output(z.array(keptTriggerSchema)),
  /** A version by its id, or the newest under a name. */
  get: oc.input(z.object({ trigger: referenceSchema })).output(storedTriggerViewSchema),
  /**
   * Keeps a trigger; a taken name gets its next version. The newest version saved without a change stays as it is.
   * `bad-input` where it does not fit the resolution.
   */
  save: oc
    .input(
      z.object({
        name: triggerNameSchema,
        trigger: triggerSchema,
        resolution: resolutionSchema.default(224),
      }),
    )
    .output(storedTriggerViewSchema),
  /**
   * Optimises a patch against a model as a job, after BadCLIP (arXiv 2311.12075), and keeps it under the name; the
   * job's result is the trigger. Cancelled, it keeps nothing. `bad-input` where the patch does not fit, the target is
   * no class, or the model has a linear head.
   */
  optimise: oc.input(optimiseRequestSchema).output(z.object({ jobId: z.string() })),
  /** Renames all versions. `conflict` where the name is taken. */
  rename: oc.input(z.object({ name: referenceSchema, to: triggerNameSchema })).output(keptTriggerSchema),
  /**
   * Removes all versions of a name, or the one with this id. Variants keep the trigger that they were made with. As
   * long as this host lives, `restore` brings it back.
   */
  remove: oc
    .input(z.object({ trigger: referenceSchema }))
    .output(z.object({ removalId: z.string(), name: z.string(), versions: z.number().int() })),
  /** Takes a removal back; where the name was taken meanwhile, under the next free one. */
  restore: oc.input(z.object({ removalId: z.string() })).output(keptTriggerSchema),
  /**
   * Keeps a trigger from files: the JSON that `export` wrote, with its PNG or without; or a PNG alone, which becomes a
   * patch of that picture with its alpha. A PNG beside JSON counts where the trigger is made of a picture: it may have
   * been painted over, and replaces the pixels in the JSON.
   */
  import: oc
    .input(
      z.object({
        json: z.string().max(12_000_000).optional(),
        /** Base64. */
        png: z.string().max(12_000_000).optional(),
        /** Left out: the file's own name. */
        name: triggerNameSchema.optional(),
        /** For a PNG alone, which becomes a patch a quarter as wide; a file has its own. */
        resolution: resolutionSchema.default(224),
      }),
    )
    .output(storedTriggerViewSchema),
  /** The two files; give them the same name. */
  export: oc.input(z.object({ trigger: referenceSchema })).output(
    z.object({
      fileName: z.string(),
      json: z.string(),
      /** Base64: the trigger's own picture with alpha, where it is made of one; else the trigger on grey. */
      png: z.string(),
      picture: z.enum(['pixels', 'preview']),
    }),
  ),
  /** Pictures of a dataset: those named, in their order, or some at random by the seed. */
  samples: oc
    .input(
      z.object({
        dataset: referenceSchema,
        recordIds: z.array(z.number().int()).max(24).optional(),
        count: z.number().int().min(1).max(24).default(6),
        /** Only of these classes; none: of all. */
        labels: z.array(z.string()).default([]),
        seed: seedSchema.default(0),
        /** Side of `square`. */
        resolution: resolutionSchema.default(224),
      }),
    )
    .output(z.array(triggerSampleSchema)),
  /**
   * How a model takes pictures without and with the trigger. The first call for a model loads it (`ms.load`); it is
   * kept while it is used, in a process of its own, so that a run that trains goes on. Calls wait for each other:
   * abort the one before (its signal) when a slider moves on.
   */
  reaction: oc.input(reactionRequestSchema).output(reactionSchema),
};
