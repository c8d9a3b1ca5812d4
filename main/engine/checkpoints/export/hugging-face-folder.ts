import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ClipConfig } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { clipMean, clipStd } from '#core/pixels/preprocess.ts';
import { preprocessorName } from '../model-folder-layouts.ts';
import {
  attentionParts,
  huggingFaceNames,
  huggingFaceParts,
  transposeValues,
} from '../recognise/hugging-face.ts';
import { ownNotesName } from '../recognise/model-config.ts';
import { writeSafetensors } from '../safetensors.ts';
import type { TensorData, WritableTensor } from '../tensor-dtypes.ts';
import type { ExportedModel } from './exported-model.ts';

/**
 * A folder that transformers' CLIPModel loads strictly: model.safetensors, config.json and, for its CLIPImageProcessor,
 * preprocessor_config.json.
 * @throws WorkbenchError `bad-input` for a ResNet, which has no such form
 */
export function writeHuggingFace({ spec, tensors, out }: ExportedModel): string[] {
  const { image, text, embedDim, activation = 'quick_gelu' } = spec.clip;
  if (image.kind !== 'vit' || image.prompts !== undefined || spec.headClasses !== null) {
    throw new WorkbenchError(
      'bad-input',
      'transformers has no CLIPModel with a ResNet, learned tokens or a linear head: export it in the format open_clip or safetensors.',
    );
  }
  const stored = new Map<string, WritableTensor>();
  const add = (name: string, shape: number[], read: () => Float32Array) =>
    stored.set(name, { dtype: 'F32', shape, data: () => read() as TensorData });
  for (const [theirs, ours, transposed] of huggingFaceNames) {
    const { shape, read } = tensors.get(ours)!;
    const [rows = 0, columns = 0] = shape;
    if (transposed) add(theirs, [columns, rows], () => transposeValues(read(), rows, columns));
    else add(theirs, shape, read);
  }
  const towers = [
    ['vision_model.', 'visual.transformer.resblocks.', image.layers],
    ['text_model.', 'transformer.resblocks.', text.layers],
  ] as const;
  for (const [tower, blocks, layers] of towers) {
    for (let layer = 0; layer < layers; layer++) {
      for (const kind of ['weight', 'bias'] as const) {
        const block = `${tower}encoder.layers.${layer}.`;
        for (const [theirs, ours] of huggingFaceParts) {
          const { shape, read } = tensors.get(`${blocks}${layer}.${ours}.${kind}`)!;
          add(`${block}${theirs}.${kind}`, shape, read);
        }
        const packed = tensors.get(`${blocks}${layer}.attn.in_proj_${kind}`)!;
        const [all = 0, ...rest] = packed.shape;
        for (const [at, part] of attentionParts.entries()) {
          add(`${block}self_attn.${part}.${kind}`, [all / 3, ...rest], () => {
            const values = packed.read();
            return values.subarray((at * values.length) / 3, ((at + 1) * values.length) / 3);
          });
        }
      }
    }
  }
  const tower = { hidden_act: activation, layer_norm_eps: 1e-5, projection_dim: embedDim };
  const config = {
    architectures: ['CLIPModel'],
    model_type: 'clip',
    projection_dim: embedDim,
    logit_scale_init_value: 2.6592,
    text_config: {
      ...tower,
      model_type: 'clip_text_model',
      vocab_size: text.vocabularySize,
      hidden_size: text.width,
      intermediate_size: 4 * text.width,
      num_hidden_layers: text.layers,
      num_attention_heads: text.heads,
      max_position_embeddings: text.contextLength,
      bos_token_id: text.vocabularySize - 2,
      eos_token_id: text.vocabularySize - 1,
    },
    vision_config: {
      ...tower,
      model_type: 'clip_vision_model',
      image_size: image.resolution,
      patch_size: image.patchSize,
      hidden_size: image.width,
      intermediate_size: 4 * image.width,
      num_hidden_layers: image.layers,
      num_attention_heads: image.heads,
    },
  };
  const unfinished = `${out}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  writeSafetensors(path.join(unfinished, 'model.safetensors'), stored, {
    format: 'pt',
    [ownNotesName]: JSON.stringify(spec),
  });
  const json = { 'config.json': config, [preprocessorName]: describePictures(spec.clip) };
  for (const [name, value] of Object.entries(json))
    writeFileSync(path.join(unfinished, name), `${JSON.stringify(value, null, 2)}\n`);
  renameSync(unfinished, out);
  return [...Object.keys(json), 'model.safetensors'].map((name) => path.join(out, name));
}

function describePictures({ image: { resolution }, normalisation }: ClipConfig) {
  const { mean, std } = normalisation ?? { mean: clipMean, std: clipStd };
  return {
    image_processor_type: 'CLIPImageProcessor',
    do_convert_rgb: true,
    do_resize: true,
    size: { shortest_edge: resolution },
    resample: 3,
    do_center_crop: true,
    crop_size: { height: resolution, width: resolution },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: mean,
    image_std: std,
  };
}
