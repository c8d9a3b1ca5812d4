import * as tf from '@tensorflow/tfjs-core';

/** Texts are filled up to one of these lengths, or to the context: few graphs serve all batches. */
const lengths = [16, 32, 48];

/**
 * Token rows as one tensor, no longer than the longest text needs: the text tower is causal and reads its feature at
 * the end token, so what follows changes no result.
 * @param texts token ids, each at most `contextLength` long
 * @returns int32 [texts, length], filled up with 0
 */
export function toTokenTensor(texts: readonly number[][], contextLength: number): tf.Tensor2D {
  const longest = texts.reduce((length, tokens) => Math.max(length, tokens.length), 1);
  const length = Math.min(contextLength, lengths.find((length) => longest <= length) ?? contextLength);
  const ids = new Int32Array(texts.length * length);
  for (const [row, tokens] of texts.entries()) ids.set(tokens, row * length);
  return tf.tensor2d(ids, [texts.length, length], 'int32');
}
