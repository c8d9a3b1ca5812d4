import { z } from 'zod';
import { type Activation, activationSchema, type ModelSpec, modelSpecSchema } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';

/** What a config beside the weights, or the workbench's own notes inside, say about a model. */
export interface ModelNotes {
  /** Of a model that this workbench wrote. */
  spec?: ModelSpec;
  activation?: Activation;
  imageHeads?: number;
  textHeads?: number;
}

/** The name of the workbench's own notes: in safetensors' metadata, in the dictionary of a PyTorch file. */
export const ownNotesName = 'cleanclip_workbench';

const size = z.number().int().positive();
const huggingFaceTower = z.object({
  hidden_act: z.string().optional(),
  num_attention_heads: size.optional(),
  layer_norm_eps: z.number().optional(),
});
const huggingFaceSchema = z.object({
  model_type: z.literal('clip'),
  vision_config: huggingFaceTower,
  text_config: huggingFaceTower,
});
const openClipTower = z.object({
  width: size.optional(),
  head_width: size.optional(),
  heads: size.optional(),
  mlp_ratio: z.number().optional(),
});
const openClipSchema = z.object({
  model_cfg: z.object({
    quick_gelu: z.boolean().optional(),
    vision_cfg: openClipTower,
    text_cfg: openClipTower,
  }),
});
/** In transformers, what a CLIP's config means where it does not say. */
const huggingFaceDefaults = { hidden_act: 'quick_gelu', layer_norm_eps: 1e-5 };

/**
 * Reads transformers' config.json, open_clip's open_clip_config.json or the workbench's own model.json and notes.
 * @throws WorkbenchError `bad-input` where it describes what the engine does not run
 */
export function readModelNotes(path: string, config: unknown, fileNotes: Record<string, string>): ModelNotes {
  const own = modelSpecSchema.safeParse(parse(fileNotes[ownNotesName]) ?? config);
  if (own.success) return { spec: own.data, activation: own.data.clip.activation ?? 'quick_gelu' };
  const huggingFace = huggingFaceSchema.safeParse(config);
  if (huggingFace.success) return readHuggingFace(path, huggingFace.data);
  const openClip = openClipSchema.safeParse(config);
  if (openClip.success) return readOpenClip(path, openClip.data);
  return {};
}

function readHuggingFace(
  path: string,
  { vision_config: vision, text_config: text }: z.infer<typeof huggingFaceSchema>,
): ModelNotes {
  const [image, words] = [vision, text].map(({ hidden_act = huggingFaceDefaults.hidden_act }) => hidden_act);
  if (image !== words) throw refuse(path, `its towers have different activations (${image} and ${words})`);
  const activation = activationSchema.safeParse(image);
  if (!activation.success)
    throw refuse(path, `its activation is ${JSON.stringify(image)}, not gelu or quick_gelu`);
  for (const { layer_norm_eps: epsilon = huggingFaceDefaults.layer_norm_eps } of [vision, text]) {
    if (epsilon !== huggingFaceDefaults.layer_norm_eps)
      throw refuse(path, `its layer norms add ${epsilon}, not 1e-5`);
  }
  return {
    activation: activation.data,
    ...(vision.num_attention_heads === undefined ? {} : { imageHeads: vision.num_attention_heads }),
    ...(text.num_attention_heads === undefined ? {} : { textHeads: text.num_attention_heads }),
  };
}

function readOpenClip(path: string, { model_cfg: config }: z.infer<typeof openClipSchema>): ModelNotes {
  const { vision_cfg: vision, text_cfg: text } = config;
  for (const { mlp_ratio: ratio = 4 } of [vision, text]) {
    if (ratio !== 4) throw refuse(path, `its blocks are ${ratio} times as wide inside, not four times`);
  }
  const imageHeads =
    vision.width !== undefined && vision.head_width !== undefined
      ? vision.width / vision.head_width
      : undefined;
  return {
    activation: config.quick_gelu === true ? 'quick_gelu' : 'gelu',
    ...(imageHeads === undefined ? {} : { imageHeads }),
    ...(text.heads === undefined ? {} : { textHeads: text.heads }),
  };
}

function refuse(path: string, reason: string): WorkbenchError {
  return new WorkbenchError('bad-input', `${path} cannot be run here: ${reason}.`, { path, reason });
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
