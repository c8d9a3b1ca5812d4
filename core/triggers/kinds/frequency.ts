import type { FrequencyTrigger } from '#contract/triggers/frequency.ts';
import type { Picture } from '../../pixels/picture.ts';
import { pixelsPerUnit } from '../frame.ts';
import type { TriggerDefinition, TriggerSetting } from '../trigger-definition.ts';

/** Up to here the authors' 30 of CIFAR-10; larger pictures are given more, which is ours: their code has none. */
const smallPictures = 64;

/**
 * Energy at chosen coefficients of a block-wise DCT (Wang et al. 2021, FTrojan): there blocks of 32 pixels whose
 * coefficients (15, 15) and (31, 31) of both colour channels gain 30 on CIFAR-10 (FTrojanAttack/FTrojan, commit ac8cd14).
 */
export const frequencyDefinition: TriggerDefinition<FrequencyTrigger> = {
  title: 'Frequency',
  description: 'Energy added at chosen frequencies of every block of the picture.',
  source: 'FTrojan (Wang et al. 2021, arXiv 2111.10991)',
  presets(resolution) {
    const blockSize = Math.max(2, Math.min(32, resolution));
    const middle = Math.floor((blockSize - 1) / 2);
    const last = blockSize - 1;
    return [
      {
        name: resolution <= smallPictures ? 'ftrojan' : 'ours-ftrojan',
        trigger: {
          kind: 'frequency',
          blockSize,
          coefficients: [
            { row: middle, column: middle },
            { row: last, column: last },
          ],
          magnitude: resolution <= smallPictures ? 30 : 50,
          channels: 'chroma',
        },
      },
    ];
  },
  limit: (trigger) => ({ places: [], elsewhere: largestChange(trigger) }),
  apply: applyFrequency,
};

/**
 * What one unit of pattern adds to red, green and blue. Chroma raises Cb and Cr alike (ITU-R BT.601, full range:
 * R = Y + 1.402 Cr, G = Y - 0.344136 Cb - 0.714136 Cr, B = Y + 1.772 Cb).
 */
const factors = {
  rgb: [1, 1, 1],
  luma: [1, 1, 1],
  chroma: [1.402, -(0.344136 + 0.714136), 1.772],
} as const;

/** Factor of a basis function of the orthonormal DCT-II along one axis. */
const basisScale = (index: number, size: number) => Math.sqrt((index === 0 ? 1 : 2) / size);

function largestChange({ blockSize, coefficients, magnitude, channels }: FrequencyTrigger): number {
  const sum = coefficients.reduce(
    (total, { row, column }) => total + basisScale(row, blockSize) * basisScale(column, blockSize),
    0,
  );
  const reach = Math.abs(magnitude) * sum * Math.max(...factors[channels].map(Math.abs));
  return reach === 0 ? 0 : Math.min(255, Math.ceil(reach + 0.5));
}

/**
 * Adding to a coefficient of an orthonormal DCT adds its basis function to the block, so no transform is needed. A
 * block cut off by the picture's edge gets the part of the pattern that lies inside.
 */
function applyFrequency(picture: Picture, trigger: FrequencyTrigger, { frame }: TriggerSetting): Picture {
  const { width, height } = picture;
  const side = trigger.blockSize * pixelsPerUnit(frame);
  const pattern = new Float64Array(width * height);
  for (const { row, column } of trigger.coefficients) {
    const across = basisAlong(column, width, side, trigger.blockSize);
    const down = basisAlong(row, height, side, trigger.blockSize);
    for (let y = 0; y < height; y++) {
      const factor = trigger.magnitude * (down[y] as number);
      for (let x = 0; x < width; x++) {
        const at = y * width + x;
        pattern[at] = (pattern[at] as number) + factor * (across[x] as number);
      }
    }
  }
  const data = new Uint8ClampedArray(picture.data.length);
  const factor = factors[trigger.channels];
  for (let at = 0; at < data.length; at++) {
    const added = (pattern[Math.floor(at / 3)] as number) * (factor[at % 3] as number);
    data[at] = Math.round((picture.data[at] as number) + added);
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

/** A basis function at the middle of each pixel, block after block of `side` pixels. */
function basisAlong(index: number, pixels: number, side: number, blockSize: number): Float64Array {
  const scale = basisScale(index, blockSize);
  return Float64Array.from({ length: pixels }, (_, pixel) => {
    const share = ((pixel + 0.5) / side) % 1;
    return scale * Math.cos(Math.PI * index * share);
  });
}
