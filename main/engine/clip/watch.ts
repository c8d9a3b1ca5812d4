import type * as tf from '@tensorflow/tfjs-core';

/** What of a pass through an image tower somebody looks at, beside the embeddings. */
export interface Watch {
  /**
   * Units after their nonlinearity, as they go into the layer `name` whose weights read them: [..., units]. Of a
   * ModifiedResNet the middle of each bottleneck, of a ViT the hidden layer of each block.
   */
  units?(name: string, values: tf.Tensor): void;
  /** The class token [n, width] as it leaves a block of a ViT, counted from 0. */
  classToken?(layer: number, token: tf.Tensor2D): void;
}
