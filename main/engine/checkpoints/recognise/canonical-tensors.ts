import { WorkbenchError } from '#contract/errors.ts';
import { shorten } from '../quote.ts';
import type { SourceTensor } from '../tensor-source.ts';
import { fromHuggingFace, isHuggingFace } from './hugging-face.ts';

/** Buffers and settings that programs save beside the weights and that follow from the model's sizes. */
const derived =
  /(^|\.)(num_batches_tracked|position_ids|attn_mask|input_resolution|context_length|vocab_size)$/;
/** Of data-parallel and compiled models, and of training programs that keep the model as a part of theirs. */
const wrappers = ['module.', '_orig_mod.', 'model.', 'clip.'];

/** A model's tensors under OpenAI's names, and those of the file that have no place in it. */
export interface CanonicalTensors {
  tensors: Map<string, SourceTensor>;
  leftover: string[];
}

/**
 * Brings the names in a file to OpenAI's: with a text tower under `text.` moved up (open_clip's CustomTextCLIP), and from
 * transformers' CLIPModel. What follows from the model's sizes is dropped.
 * @param source names without prefixes of wrappers
 * @throws WorkbenchError `corrupt-file` where two tensors would have one name
 */
export function canonicalise(path: string, source: ReadonlyMap<string, SourceTensor>): CanonicalTensors {
  const plain = new Map([...source].filter(([name]) => !derived.test(name)));
  if (isHuggingFace(plain)) return fromHuggingFace(plain);
  const tensors = new Map<string, SourceTensor>();
  const leftover: string[] = [];
  for (const [name, tensor] of plain) {
    const moved = name.replace(/^text\./, '');
    if (!isWeight(moved)) leftover.push(name);
    else if (!tensors.has(moved)) tensors.set(moved, tensor);
    else {
      throw new WorkbenchError(
        'corrupt-file',
        `${path}: tensor ${shorten(moved)} stands in it twice, once under text.: which one is meant is not known.`,
        { path, tensor: moved },
      );
    }
  }
  return { tensors, leftover };
}

const weights =
  /^(visual\..+|transformer\.resblocks\..+|token_embedding\.weight|positional_embedding|text_projection|logit_scale|ln_final\.(weight|bias)|head\.(weight|bias))$/;

function isWeight(name: string): boolean {
  return weights.test(name);
}

/** Without the prefixes of wrappers, where all names have them. */
export function dropPrefixes(source: ReadonlyMap<string, SourceTensor>): ReadonlyMap<string, SourceTensor> {
  const names = [...source.keys()];
  const wrapper = wrappers.find(
    (prefix) => names.length > 0 && names.every((name) => name.startsWith(prefix)),
  );
  if (wrapper === undefined) return source;
  return dropPrefixes(new Map([...source].map(([name, tensor]) => [name.slice(wrapper.length), tensor])));
}
