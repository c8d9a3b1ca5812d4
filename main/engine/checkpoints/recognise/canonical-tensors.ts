import type { SourceTensor } from '../tensor-source.ts';
import { fromHuggingFace, isHuggingFace } from './hugging-face.ts';

/** Buffers and settings that programs save beside the weights and that follow from the model's sizes. */
const derived =
  /(^|\.)(num_batches_tracked|position_ids|attn_mask|input_resolution|context_length|vocab_size)$/;
const wrappers = ['module.', '_orig_mod.'];

/** A model's tensors under OpenAI's names, and those of the file that have no place in it. */
export interface CanonicalTensors {
  tensors: Map<string, SourceTensor>;
  leftover: string[];
}

/**
 * Brings the names in a file to OpenAI's: without the prefixes of data-parallel and compiled models, with a text tower
 * under `text.` moved up (open_clip's CustomTextCLIP), and from transformers' CLIPModel. What follows from the model's
 * sizes is dropped.
 */
export function canonicalise(source: ReadonlyMap<string, SourceTensor>): CanonicalTensors {
  const plain = new Map([...dropPrefixes(source)].filter(([name]) => !derived.test(name)));
  if (isHuggingFace(plain)) return fromHuggingFace(plain);
  const moved = [...plain].map(([name, tensor]): [string, SourceTensor] => [
    name.replace(/^text\./, ''),
    tensor,
  ]);
  const tensors = new Map<string, SourceTensor>();
  const leftover: string[] = [];
  for (const [name, tensor] of moved) {
    if (isWeight(name) && !tensors.has(name)) tensors.set(name, tensor);
    else leftover.push(name);
  }
  return { tensors, leftover };
}

const weights =
  /^(visual\..+|transformer\.resblocks\..+|token_embedding\.weight|positional_embedding|text_projection|logit_scale|ln_final\.(weight|bias)|head\.(weight|bias))$/;

function isWeight(name: string): boolean {
  return weights.test(name);
}

function dropPrefixes(source: ReadonlyMap<string, SourceTensor>): ReadonlyMap<string, SourceTensor> {
  const names = [...source.keys()];
  const wrapper = wrappers.find(
    (prefix) => names.length > 0 && names.every((name) => name.startsWith(prefix)),
  );
  if (wrapper === undefined) return source;
  return dropPrefixes(new Map([...source].map(([name, tensor]) => [name.slice(wrapper.length), tensor])));
}
