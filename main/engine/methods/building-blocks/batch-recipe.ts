import type * as tf from '@tensorflow/tfjs-core';
import type { PictureChange } from '#core/augment/picture-changes.ts';
import type { TextChange } from '#core/captions/text-changes.ts';

/** One picture for each row of a batch, changed at random. */
export interface PictureSet {
  /**
   * The record's picture at the model's resolution, or the set of this number before it; `whole`: the record's whole
   * picture, which is changed before it is brought to the resolution and read anew each time.
   */
  of: 'record' | 'whole' | number;
  change: PictureChange;
}

/**
 * What a batch of n records holds, as data, so that any thread can make it. Random draws go set by set: pictures first,
 * row by row, then texts.
 */
export interface BatchRecipe {
  /** Tensor `pixels`: the sets one after another, [sets x n, side, side, 3]; none: no picture is read. */
  pictures: readonly PictureSet[];
  /** Tensor `tokens`: the captions, once for each change, [changes x n, length] int32. */
  texts: readonly TextChange[];
  /** Tensor `labels`: class numbers [n] int32. */
  labels: boolean;
  /** Tensor `rows`: places of the records in the run's list, [n] int32. */
  rows: boolean;
}

/** The tensors of one batch, always in this order; those that the recipe does not name are absent. */
export const batchNames = ['pixels', 'tokens', 'labels', 'rows'] as const;
export type BatchName = (typeof batchNames)[number];
export type Batch = Partial<Record<BatchName, tf.Tensor>>;
