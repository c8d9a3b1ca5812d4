import { z } from 'zod';
import { activationSchema, type ClipConfig } from '#contract/clip-config.ts';
import type { ModelConfig } from '../open-model-file.ts';
import type { ModelNotes, RefuseConfig, StatedSize } from './model-notes.ts';
import { normalisationOf } from './picture-preparation.ts';

const size = z.number().int().positive();
const stated = size.nullish();
/** What a CLIP's config means in transformers where it does not say (configuration_clip.py). */
const tower = {
  hidden_act: z.string().default('quick_gelu'),
  layer_norm_eps: z.number().default(1e-5),
  hidden_size: stated,
  intermediate_size: stated,
  num_hidden_layers: stated,
};
const visionSchema = z.object({
  ...tower,
  num_attention_heads: size.default(12),
  num_channels: stated,
  image_size: stated,
  patch_size: stated,
});
const textSchema = z.object({
  ...tower,
  num_attention_heads: size.default(8),
  vocab_size: stated,
  max_position_embeddings: stated,
});
const schema = z.object({
  vision_config: visionSchema.nullish(),
  text_config: textSchema.nullish(),
  // Older files say a tower a second time; transformers lets this one win.
  vision_config_dict: visionSchema.nullish(),
  text_config_dict: textSchema.nullish(),
  projection_dim: stated,
});

const channels = z.tuple([z.number(), z.number(), z.number().positive()]);
const preprocessorSchema = z.object({
  image_mean: channels.nullish(),
  image_std: channels.nullish(),
  /** Pillow's number: 3 is bicubic. */
  resample: z.number().nullish(),
});
const bicubic = 3;

/**
 * What transformers' config.json and preprocessor_config.json say of a CLIPModel; null where there is none.
 * @throws as `refuse` where it describes what the engine does not run
 */
export function readHuggingFaceConfig(
  { model, preprocessor }: ModelConfig,
  refuse: RefuseConfig,
): ModelNotes | null {
  const kind = z.object({ model_type: z.string() }).safeParse(model);
  if (!kind.success) return null;
  if (kind.data.model_type !== 'clip') {
    throw refuse(
      `its config describes a model of the type ${JSON.stringify(kind.data.model_type.slice(0, 80))}, not a whole CLIP ("clip")`,
    );
  }
  const parsed = schema.safeParse(model);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refuse(`its config.json is not one of a CLIPModel: ${issue?.path.join('.')} is wrong`);
  }
  const vision = parsed.data.vision_config_dict ?? parsed.data.vision_config ?? visionSchema.parse({});
  const text = parsed.data.text_config_dict ?? parsed.data.text_config ?? textSchema.parse({});
  if (vision.hidden_act !== text.hidden_act) {
    throw refuse(
      `its towers have different activations (${vision.hidden_act.slice(0, 80)} and ${text.hidden_act.slice(0, 80)})`,
    );
  }
  const activation = activationSchema.safeParse(vision.hidden_act);
  if (!activation.success) {
    throw refuse(
      `its activation is ${JSON.stringify(vision.hidden_act.slice(0, 80))}, not gelu or quick_gelu`,
    );
  }
  for (const { layer_norm_eps: epsilon } of [vision, text])
    if (epsilon !== 1e-5) throw refuse(`its layer norms add ${epsilon}, not 1e-5`);
  const normalisation = readPreprocessor(preprocessor, refuse);
  return {
    activation: activation.data,
    imageHeads: vision.num_attention_heads,
    textHeads: text.num_attention_heads,
    ...(normalisation === undefined ? {} : { normalisation }),
    sizes: statedSizes(parsed.data.projection_dim, vision, text),
  };
}

function readPreprocessor(preprocessor: unknown, refuse: RefuseConfig): ClipConfig['normalisation'] {
  if (preprocessor === null) return undefined;
  const parsed = preprocessorSchema.safeParse(preprocessor);
  if (!parsed.success) throw refuse('its preprocessor_config.json does not describe pictures');
  const { image_mean: mean, image_std: std, resample } = parsed.data;
  if (resample !== undefined && resample !== null && resample !== bicubic)
    throw refuse(`its pictures are resized by Pillow's filter ${resample}, not bicubically (3)`);
  return normalisationOf(mean, std);
}

function statedSizes(
  projection: number | null | undefined,
  vision: z.infer<typeof visionSchema>,
  text: z.infer<typeof textSchema>,
): StatedSize[] {
  const all: [name: string, value: number | null | undefined, shown: StatedSize['shown']][] = [
    ['projection_dim', projection, ({ embedDim }) => embedDim],
    ['vision_config.hidden_size', vision.hidden_size, ({ image }) => image.width],
    ['vision_config.intermediate_size', vision.intermediate_size, ({ image }) => 4 * image.width],
    ['vision_config.num_hidden_layers', vision.num_hidden_layers, ({ image }) => String(image.layers)],
    ['vision_config.image_size', vision.image_size, ({ image }) => image.resolution],
    [
      'vision_config.patch_size',
      vision.patch_size,
      ({ image }) => (image.kind === 'vit' ? image.patchSize : 0),
    ],
    ['vision_config.num_channels', vision.num_channels, () => 3],
    ['text_config.hidden_size', text.hidden_size, (clip) => clip.text.width],
    ['text_config.intermediate_size', text.intermediate_size, (clip) => 4 * clip.text.width],
    ['text_config.num_hidden_layers', text.num_hidden_layers, (clip) => clip.text.layers],
    ['text_config.vocab_size', text.vocab_size, (clip) => clip.text.vocabularySize],
    ['text_config.max_position_embeddings', text.max_position_embeddings, (clip) => clip.text.contextLength],
  ];
  return all.flatMap(([name, value, shown]) =>
    typeof value === 'number' ? [{ name, stated: value, shown }] : [],
  );
}
