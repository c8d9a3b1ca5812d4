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

export const clipConfigSchema = z.object({
  embedDim: z.number().int().positive(),
  image: imageTowerSchema,
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
