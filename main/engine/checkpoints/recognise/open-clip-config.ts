import { z } from 'zod';
import type { ModelConfig } from '../open-model-file.ts';
import type { ModelNotes, RefuseConfig, StatedSize } from './model-notes.ts';
import { normalisationOf } from './picture-preparation.ts';

const size = z.number().int().positive();
const stated = size.nullish();
const side = z.union([size, z.tuple([size, size])]).nullish();
/** Where a config does not say it, open_clip has these (model.py, CLIPVisionCfg and CLIPTextCfg). */
const defaultHeadWidth = 64;
const defaultTextHeads = 8;

const visionSchema = z.looseObject({
  width: stated,
  head_width: size.nullish(),
  layers: z.union([size, z.array(size)]).nullish(),
  patch_size: stated,
  image_size: side,
});
const textSchema = z.looseObject({
  width: stated,
  heads: size.nullish(),
  layers: stated,
  context_length: stated,
  vocab_size: stated,
});
const schema = z.object({
  embed_dim: stated,
  quick_gelu: z.boolean().nullish(),
  vision_cfg: visionSchema,
  text_cfg: textSchema,
});

/** Settings of a tower that change what it computes, each with the only value that the engine's towers follow. */
const followed: Readonly<Record<string, unknown>> = {
  mlp_ratio: 4,
  ls_init_value: null,
  attentional_pool: false,
  no_ln_pre: false,
  pos_embed_type: 'learnable',
  final_ln_after_pool: false,
  output_tokens: false,
  act_kwargs: null,
  norm_kwargs: null,
  block_type: 'default',
  qk_norm: false,
  scaled_cosine_attn: false,
  scale_heads: false,
  scale_attn_inner: false,
  scale_attn: false,
  scale_fc: false,
  timm_model_name: null,
  embed_cls: false,
  no_causal_mask: false,
  proj_bias: false,
  proj_type: 'linear',
  hf_model_name: null,
  hf_tokenizer_name: null,
  tokenizer_kwargs: null,
  tokenizer_mode: null,
};
const followedPooling = { vision_cfg: 'tok', text_cfg: 'argmax' } as const;
/** Of training alone, or of towers that are refused by name. */
const idle =
  /^(patch_dropout|attn_pooler_(queries|heads)|pad_id|eos_id|timm_.*|hf_(model_pretrained|proj_type|pooler_type)|width|head_width|heads|layers|patch_size|image_size|context_length|vocab_size)$/;

const channels = z.tuple([z.number(), z.number(), z.number().positive()]);
const preprocessSchema = z.object({
  mean: channels.nullish(),
  std: channels.nullish(),
  interpolation: z.string().nullish(),
  resize_mode: z.string().nullish(),
});

/**
 * What open_clip's open_clip_config.json, or one of its model configs, says; null where there is none.
 * @throws as `refuse` where it describes what the engine does not run
 */
export function readOpenClipConfig({ model }: ModelConfig, refuse: RefuseConfig): ModelNotes | null {
  const whole = z.object({ model_cfg: z.unknown(), preprocess_cfg: z.unknown().optional() }).safeParse(model);
  const inner = whole.success && whole.data.model_cfg !== undefined ? whole.data.model_cfg : model;
  if (!z.object({ vision_cfg: z.unknown(), text_cfg: z.unknown() }).safeParse(inner).success) return null;
  const parsed = schema.safeParse(inner);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refuse(`its open_clip config is not one of a CLIP: ${issue?.path.join('.')} is wrong`);
  }
  const { vision_cfg: vision, text_cfg: text, embed_dim: embedDim, quick_gelu: quick } = parsed.data;
  for (const name of ['vision_cfg', 'text_cfg'] as const)
    refuseUnfollowed(name, parsed.data[name], followedPooling[name], refuse);
  const normalisation = readPreprocessing(whole.success ? whole.data.preprocess_cfg : undefined, refuse);
  return {
    activation: quick === true ? 'quick_gelu' : 'gelu',
    imageHeadWidth: vision.head_width ?? defaultHeadWidth,
    textHeads: text.heads ?? defaultTextHeads,
    ...(normalisation === undefined ? {} : { normalisation }),
    sizes: statedSizes(embedDim, vision, text),
  };
}

function refuseUnfollowed(
  tower: string,
  config: Readonly<Record<string, unknown>>,
  pooling: string,
  refuse: RefuseConfig,
): void {
  for (const [name, value] of Object.entries(config)) {
    const isUnset = value === null || value === false;
    if (isUnset || idle.test(name)) continue;
    const only = name === 'pool_type' ? pooling : followed[name];
    const isEmpty = typeof value === 'object' && Object.keys(value ?? {}).length === 0;
    if (value === only || isEmpty) continue;
    throw refuse(
      `its config sets ${tower}.${name.slice(0, 80)} to ${(JSON.stringify(value) ?? '').slice(0, 80)}, which this workbench’s towers do not follow`,
    );
  }
}

/** Whether a ViT's or, in stages, a ResNet's depth. */
const depth = (layers: number | readonly number[]): string => String(layers);

function statedSizes(
  embedDim: number | null | undefined,
  vision: z.infer<typeof visionSchema>,
  text: z.infer<typeof textSchema>,
): StatedSize[] {
  const { image_size: image, layers } = vision;
  const all: [name: string, value: number | string | null | undefined, shown: StatedSize['shown']][] = [
    ['embed_dim', embedDim, (clip) => clip.embedDim],
    ['vision_cfg.width', vision.width, (clip) => clip.image.width],
    [
      'vision_cfg.layers',
      layers === null || layers === undefined ? null : depth(layers),
      (clip) => depth(clip.image.layers),
    ],
    [
      'vision_cfg.image_size',
      Array.isArray(image) ? image.join('x') : image,
      ({ image: { resolution } }) => (Array.isArray(image) ? `${resolution}x${resolution}` : resolution),
    ],
    ['text_cfg.width', text.width, (clip) => clip.text.width],
    ['text_cfg.layers', text.layers, (clip) => clip.text.layers],
    ['text_cfg.context_length', text.context_length, (clip) => clip.text.contextLength],
    ['text_cfg.vocab_size', text.vocab_size, (clip) => clip.text.vocabularySize],
  ];
  const patch = vision.patch_size;
  if (typeof patch === 'number' && !Array.isArray(layers))
    all.push([
      'vision_cfg.patch_size',
      patch,
      ({ image: own }) => (own.kind === 'vit' ? own.patchSize : patch),
    ]);
  return all.flatMap(([name, value, shown]) =>
    value === null || value === undefined ? [] : [{ name, stated: value, shown }],
  );
}

function readPreprocessing(preprocessing: unknown, refuse: RefuseConfig) {
  if (preprocessing === null || preprocessing === undefined) return undefined;
  const parsed = preprocessSchema.safeParse(preprocessing);
  if (!parsed.success) throw refuse('its preprocess_cfg does not describe pictures');
  const { mean, std, interpolation, resize_mode: mode } = parsed.data;
  if (typeof interpolation === 'string' && interpolation !== 'bicubic')
    throw refuse(
      `its pictures are resized by ${JSON.stringify(interpolation.slice(0, 80))}, not bicubically`,
    );
  if (typeof mode === 'string' && mode !== 'shortest')
    throw refuse(
      `its pictures are brought to size by ${JSON.stringify(mode.slice(0, 80))}, not by their shorter side`,
    );
  return normalisationOf(mean, std);
}
