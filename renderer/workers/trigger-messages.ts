import type { WireError } from '#contract/errors.ts';
import type { PictureDifference } from '#core/pixels/picture-metrics.ts';
import type { TriggerAttack } from '#core/triggers/trigger-registry.ts';
import type { CanvasPixels } from './rgba.ts';

/** A record's picture. */
export interface Sample {
  /** Address of the whole picture, as PNG without loss; null is even grey. */
  address: string | null;
  /** The record's key, which with the recipe's seed decides what differs from picture to picture. */
  key: string;
}

export interface DrawRequest {
  kind: 'draw';
  sample: Sample;
  attack: TriggerAttack;
  /** Also hash and measure. */
  measure: boolean;
}

export interface Drawing {
  clean: CanvasPixels;
  poisoned: CanvasPixels;
  /** Size of the stored picture in pixels. */
  original: { width: number; height: number };
  /** Null where it was not asked for. */
  measures: PictureMeasures | null;
  /** Time in the worker. */
  ms: number;
}

export interface PictureMeasures {
  /** Of the poisoned pixels, as the variant's manifest has it. */
  sha256: string;
  difference: PictureDifference;
}

export interface ViewsRequest {
  kind: 'views';
  sample: Sample;
  attack: TriggerAttack;
  /** Side of what the model sees, px. */
  modelResolution: number;
}

/** What a model sees of a triggered picture. */
export interface ModelViews {
  clean: CanvasPixels;
  poisoned: CanvasPixels;
  /** One for each sub-policy, in the policy's order, both of its operations done. */
  augmented: { title: string; pixels: CanvasPixels }[];
}

export type WorkerRequest = DrawRequest | ViewsRequest;
export type WorkerAnswer = { drawing: Drawing } | { views: ModelViews } | { problem: WireError };
