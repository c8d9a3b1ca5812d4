import { z } from 'zod';

/** Shape of an image tower. Names of the tensors follow the reference's (visual.*). */
export const imageTowerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('modified-resnet'),
    resolution: z.number().int().positive(),
    /** Bottlenecks per stage; width doubles with each stage. */
    layers: z.array(z.number().int().positive()).min(1),
    width: z.number().int().positive(),
    /** `clip`: three 3x3 convolutions and an average pooling; `small`: two convolutions, width/2 then width. */
    stem: z.enum(['clip', 'small']),
    pooling: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('attention'), heads: z.number().int().positive() }),
      z.object({ kind: z.literal('average') }),
    ]),
  }),
  z.object({
    kind: z.literal('vit'),
    resolution: z.number().int().positive(),
    patchSize: z.number().int().positive(),
    width: z.number().int().positive(),
    layers: z.number().int().positive(),
    heads: z.number().int().positive(),
    /** Learned tokens (visual prompt tuning) in every block from this one on, counted from 0; left out: none. */
    prompts: z.object({ count: z.number().int().positive(), fromLayer: z.number().int().min(0) }).optional(),
  }),
]);
export type ImageTowerConfig = z.infer<typeof imageTowerSchema>;
export type ResNetConfig = Extract<ImageTowerConfig, { kind: 'modified-resnet' }>;
export type VitConfig = Extract<ImageTowerConfig, { kind: 'vit' }>;

export const textTowerSchema = z.object({
  contextLength: z.number().int().positive(),
  vocabularySize: z.number().int().positive(),
  width: z.number().int().positive(),
  heads: z.number().int().positive(),
  layers: z.number().int().positive(),
});
export type TextTowerConfig = z.infer<typeof textTowerSchema>;

/** quick_gelu: x * sigmoid(1.702 x), as OpenAI's models and the reference; gelu: x * Phi(x), as most of open_clip's. */
export const activationNames = ['quick_gelu', 'gelu'] as const;
export const activationSchema = z.enum(activationNames);
export type Activation = z.infer<typeof activationSchema>;

const channels = z.tuple([z.number(), z.number(), z.number()]);

export const clipConfigSchema = z.object({
  embedDim: z.number().int().positive(),
  /** Of both towers' transformers; left out, it is quick_gelu. */
  activation: activationSchema.optional(),
  image: imageTowerSchema,
  /** Mean and deviation of red, green and blue in [0, 1] that pictures are normalised by; left out: CLIP's own. */
  normalisation: z
    .object({ mean: channels, std: channels.refine((std) => std.every((one) => one > 0)) })
    .optional(),
  text: textTowerSchema,
});
export type ClipConfig = z.infer<typeof clipConfigSchema>;

/** A model as it is stored: shape, the byte-pair ids it knows (null: all of CLIP's), a linear head's classes (null: zero-shot). */
export const modelSpecSchema = z.object({
  architecture: z.string(),
  clip: clipConfigSchema,
  vocabulary: z.array(z.number().int().min(0)).nullable(),
  headClasses: z.array(z.string()).nullable(),
});
export type ModelSpec = z.infer<typeof modelSpecSchema>;
