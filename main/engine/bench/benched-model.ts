import type { ArchitectureName } from '#contract/architectures.ts';
import type { ModelSpec } from '#contract/clip-config.ts';
import { findArchitecture, specify } from '../clip/architectures.ts';
import { currentTensorflow } from '../tensorflow/kernel-backend.ts';

/** Tokens in the demo's vocabulary, in round figures; the other models have CLIP's. */
const demoVocabulary = 2048;

/** A model of an architecture as benchmarks have it. */
export function benchedSpec(model: ArchitectureName): ModelSpec {
  const { vocabulary } = findArchitecture(model);
  const ids = vocabulary === 'seen' ? Array.from({ length: demoVocabulary }, (_, id) => id) : null;
  return specify(model, ids);
}

/** What PyTorch's side must know to build the same, on a GPU where ours is on one. */
export function peerSizes({ architecture, clip }: ModelSpec): Record<string, number | string> {
  const { image, text, embedDim } = clip;
  return {
    model: architecture,
    device: currentTensorflow()?.binding.isUsingGpuDevice() ? 'cuda' : 'cpu',
    resolution: image.resolution,
    imageWidth: image.width,
    embedDim,
    vocabulary: text.vocabularySize,
    textLength: text.contextLength,
    textWidth: text.width,
    textHeads: text.heads,
    textLayers: text.layers,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
