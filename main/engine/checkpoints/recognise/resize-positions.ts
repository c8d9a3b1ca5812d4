import type { ClipConfig } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { axisWeights, weightBits } from '#core/pixels/resize-weights.ts';
import type { SourceTensor } from '../tensor-source.ts';
import type { RecognisedModel } from './recognise-model.ts';

/**
 * The model for pictures of another resolution: the table of positions of its picture, a token and a square grid, is
 * resized bicubically with antialiasing (a = -0.5), as open_clip does (src/open_clip/pretrained.py, resize_pos_embed).
 * @throws WorkbenchError `bad-input` where the resolution does not fit the tower
 */
export function resizePositions(model: RecognisedModel, resolution: number): RecognisedModel {
  const { clip } = model.spec;
  if (resolution === clip.image.resolution) return model;
  const { name, step } = describePositions(clip);
  const positions = model.tensors.get(name);
  if (positions === undefined || resolution % step !== 0) {
    throw new WorkbenchError(
      'bad-input',
      `This tower takes resolutions that are multiples of ${step}, not ${resolution}.`,
      { resolution, step },
    );
  }
  const [, width = 0] = positions.shape;
  const from = clip.image.resolution / step;
  const to = resolution / step;
  const resized: SourceTensor = {
    dtype: 'F32',
    shape: [to * to + 1, width],
    read: () => resizeGrid(positions.read(), from, to, width),
  };
  const spec = { ...model.spec, clip: { ...clip, image: { ...clip.image, resolution } } };
  return { ...model, spec, tensors: new Map(model.tensors).set(name, resized) };
}

function describePositions({ image }: ClipConfig): { name: string; step: number } {
  if (image.kind === 'vit') return { name: 'visual.positional_embedding', step: image.patchSize };
  const step = (image.stem === 'clip' ? 4 : 2) * 2 ** (image.layers.length - 1);
  return { name: 'visual.attnpool.positional_embedding', step };
}

/** table [1 + from * from, width] to [1 + to * to, width]; the first row stays. */
export function resizeGrid(table: Float32Array, from: number, to: number, width: number): Float32Array {
  const { first, count, weights, taps } = axisWeights(from, to, { start: 0, length: to });
  const result = new Float32Array((1 + to * to) * width);
  result.set(table.subarray(0, width));
  const scale = 2 ** -weightBits;
  for (let row = 0; row < to; row++) {
    for (let column = 0; column < to; column++) {
      const target = (1 + row * to + column) * width;
      for (let y = 0; y < count[row]!; y++) {
        for (let x = 0; x < count[column]!; x++) {
          const factor = weights[row * taps + y]! * scale * (weights[column * taps + x]! * scale);
          const source = (1 + (first[row]! + y) * from + first[column]! + x) * width;
          for (let at = 0; at < width; at++) result[target + at]! += factor * table[source + at]!;
        }
      }
    }
  }
  return result;
}
