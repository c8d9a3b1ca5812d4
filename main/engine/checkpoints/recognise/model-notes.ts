import type { Activation, ClipConfig, ModelSpec } from '#contract/clip-config.ts';
import type { WorkbenchError } from '#contract/errors.ts';

/** A size that a config states, and where the weights show it. */
export interface StatedSize {
  /** As the config has it: vision_config.hidden_size. */
  name: string;
  stated: number | string;
  /** A ResNet's stages are joined by commas. */
  shown(clip: ClipConfig): number | string;
}

/** What a config beside the weights, or the workbench's own notes inside, say about a model. */
export interface ModelNotes {
  /** Of a model that this workbench wrote. */
  spec?: ModelSpec;
  activation?: Activation;
  imageHeads?: number;
  /** Width of one head, where the config says that. */
  imageHeadWidth?: number;
  textHeads?: number;
  /** Of the pictures; left out: CLIP's. */
  normalisation?: ClipConfig['normalisation'];
  sizes?: StatedSize[];
}

/** Makes the error of a config that the engine cannot follow. */
export type RefuseConfig = (reason: string) => WorkbenchError;
