import { z } from 'zod';
import type { ClipConfig } from '#contract/clip-config.ts';

const size = z.number().int().positive();

/** expected.json of a tower's folder: the reference's constructor arguments and what three steps gave. */
export const towerFiguresSchema = z.object({
  config: z.object({
    embed_dim: size,
    image_resolution: size,
    /** A list: ModifiedResNet's stages; a number: a vision transformer's layers. */
    vision_layers: z.union([size, z.array(size)]),
    vision_width: size,
    vision_patch_size: size.nullable(),
    context_length: size,
    vocab_size: size,
    transformer_width: size,
    transformer_heads: size,
    transformer_layers: size,
  }),
  vision_heads: size,
  losses: z.array(z.number()).min(1),
  learning_rates: z.array(z.number()),
  optimiser: z.object({ weight_decay: z.number() }),
  /** Rows [from, to) of tensors whose gradient is rounding noise. */
  noise_only: z.record(z.string(), z.tuple([z.number(), z.number()])),
});
export type TowerFigures = z.infer<typeof towerFiguresSchema>;

export function toClipConfig({ config, vision_heads: heads }: TowerFigures): ClipConfig {
  const { image_resolution: resolution, vision_width: width, vision_layers: layers } = config;
  return {
    embedDim: config.embed_dim,
    image: Array.isArray(layers)
      ? {
          kind: 'modified-resnet',
          resolution,
          layers,
          width,
          stem: 'clip',
          pooling: { kind: 'attention', heads },
        }
      : { kind: 'vit', resolution, patchSize: config.vision_patch_size ?? resolution, width, layers, heads },
    text: {
      contextLength: config.context_length,
      vocabularySize: config.vocab_size,
      width: config.transformer_width,
      heads: config.transformer_heads,
      layers: config.transformer_layers,
    },
  };
}
