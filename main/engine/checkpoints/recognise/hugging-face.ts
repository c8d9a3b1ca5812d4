import type { SourceTensor } from '../tensor-source.ts';

const towers = [
  ['vision_model.', 'visual.transformer.resblocks.'],
  ['text_model.', 'transformer.resblocks.'],
] as const;

/** Names outside the blocks of transformers' CLIPModel, and OpenAI's; the same table serves to write them. */
export const huggingFaceNames: readonly (readonly [
  theirs: string,
  ours: string,
  transposed?: 'transposed',
])[] = [
  ['logit_scale', 'logit_scale'],
  ['text_projection.weight', 'text_projection', 'transposed'],
  ['visual_projection.weight', 'visual.proj', 'transposed'],
  ['text_model.embeddings.token_embedding.weight', 'token_embedding.weight'],
  ['text_model.embeddings.position_embedding.weight', 'positional_embedding'],
  ['text_model.final_layer_norm.weight', 'ln_final.weight'],
  ['text_model.final_layer_norm.bias', 'ln_final.bias'],
  ['vision_model.embeddings.class_embedding', 'visual.class_embedding'],
  ['vision_model.embeddings.patch_embedding.weight', 'visual.conv1.weight'],
  ['vision_model.embeddings.position_embedding.weight', 'visual.positional_embedding'],
  // The letters are theirs.
  ['vision_model.pre_layrnorm.weight', 'visual.ln_pre.weight'],
  ['vision_model.pre_layrnorm.bias', 'visual.ln_pre.bias'],
  ['vision_model.post_layernorm.weight', 'visual.ln_post.weight'],
  ['vision_model.post_layernorm.bias', 'visual.ln_post.bias'],
];

/** Parts of a block: transformers' names and OpenAI's. Query, key and value are one there and three here. */
export const huggingFaceParts = [
  ['self_attn.out_proj', 'attn.out_proj'],
  ['layer_norm1', 'ln_1'],
  ['layer_norm2', 'ln_2'],
  ['mlp.fc1', 'mlp.c_fc'],
  ['mlp.fc2', 'mlp.c_proj'],
] as const;
export const attentionParts = ['q_proj', 'k_proj', 'v_proj'] as const;

export function isHuggingFace(tensors: ReadonlyMap<string, SourceTensor>): boolean {
  return tensors.has('text_model.embeddings.token_embedding.weight');
}

/** The tensors of a CLIPModel under OpenAI's names: projections transposed, query, key and value put together. */
export function fromHuggingFace(tensors: ReadonlyMap<string, SourceTensor>): {
  tensors: Map<string, SourceTensor>;
  leftover: string[];
} {
  const left = new Map(tensors);
  const found = new Map<string, SourceTensor>();
  const move = (theirs: string, ours: string, change = (tensor: SourceTensor) => tensor) => {
    const tensor = left.get(theirs);
    if (tensor === undefined) return;
    left.delete(theirs);
    found.set(ours, change(tensor));
  };
  for (const [theirs, ours, transposed] of huggingFaceNames)
    move(theirs, ours, transposed ? transpose : undefined);
  for (const [tower, blocks] of towers) {
    for (let layer = 0; left.has(`${tower}encoder.layers.${layer}.layer_norm1.weight`); layer++) {
      const block = `${tower}encoder.layers.${layer}.`;
      for (const kind of ['weight', 'bias'] as const) {
        for (const [theirs, ours] of huggingFaceParts)
          move(`${block}${theirs}.${kind}`, `${blocks}${layer}.${ours}.${kind}`);
        const names = attentionParts.map((part) => `${block}self_attn.${part}.${kind}`);
        const parts = names.flatMap((name) => left.get(name) ?? []);
        if (parts.length < names.length) continue;
        for (const name of names) left.delete(name);
        found.set(`${blocks}${layer}.attn.in_proj_${kind}`, stack(parts));
      }
    }
  }
  return { tensors: found, leftover: [...left.keys()] };
}

function transpose(tensor: SourceTensor): SourceTensor {
  const [rows = 0, columns = 0] = tensor.shape;
  return {
    dtype: tensor.dtype,
    shape: [columns, rows],
    read: () => transposeValues(tensor.read(), rows, columns),
  };
}

/** values [rows, columns] as [columns, rows]. */
export function transposeValues(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]!;
  }
  return result;
}

/** Along the first axis. */
function stack(parts: SourceTensor[]): SourceTensor {
  const [first] = parts;
  const [, ...rest] = first!.shape;
  const rows = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  return {
    dtype: first!.dtype,
    shape: [rows, ...rest],
    read() {
      const values = parts.map((part) => part.read());
      const result = new Float32Array(values.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const value of values) {
        result.set(value, at);
        at += value.length;
      }
      return result;
    },
  };
}
