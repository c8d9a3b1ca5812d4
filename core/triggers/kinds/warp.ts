import type { WarpTrigger } from '#contract/triggers/warp.ts';
import { decodeFloats } from '../../pixels/base64.ts';
import type { Picture } from '../../pixels/picture.ts';
import { createRandom } from '../../random/random.ts';
import { createSmallCache } from '../small-cache.ts';
import type { TriggerDefinition } from '../trigger-definition.ts';

/** A fixed warp (Nguyen and Tran 2021, WaNet; tests/fixtures/reference/triggers, case warped). */
export const warpDefinition: TriggerDefinition<WarpTrigger> = {
  title: 'Warp',
  description: 'A smooth, fixed bend of the whole picture.',
  source: 'WaNet (Nguyen and Tran 2021, arXiv 2102.10369)',
  presets: (resolution) => [
    {
      name: 'reference',
      trigger: {
        kind: 'warp',
        gridSize: Math.min(512, Math.max(2, resolution)),
        strength: 1,
        control: { kind: 'random', seed: 0 },
      },
    },
    {
      name: 'wanet',
      trigger: { kind: 'warp', gridSize: 4, strength: 0.5, control: { kind: 'random', seed: 0 } },
    },
  ],
  // A pixel may take the value of any neighbour.
  limit: ({ strength }) => ({ places: [], elsewhere: strength === 0 ? 0 : 255 }),
  apply: applyWarp,
};

/** Offsets of every pixel [height, width, 2], across then down, from those of the control points. */
const offsets = createSmallCache<Float32Array>(8);

function applyWarp(picture: Picture, { gridSize, strength, control }: WarpTrigger): Picture {
  const { width, height, data } = picture;
  const source = control.kind === 'given' ? control.values : `seed ${control.seed}`;
  const grid = offsets.get(`${gridSize}:${width}x${height}:${source}`, () => {
    const points =
      control.kind === 'given' ? decodeFloats(control.values) : makeControl(gridSize, control.seed);
    return upsampleControl(points, gridSize, width, height);
  });
  const out = new Uint8Array(data.length);
  // Offsets are shares of the picture's sides in coordinates that run from -1 to 1.
  const reachX = ((strength / width) * (width - 1)) / 2;
  const reachY = ((strength / height) * (height - 1)) / 2;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const fromX = clamp(x + (grid[pixel * 2] as number) * reachX, width - 1);
      const fromY = clamp(y + (grid[pixel * 2 + 1] as number) * reachY, height - 1);
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      const shareX = fromX - left;
      const shareY = fromY - top;
      const topLeft = (top * width + left) * 3;
      const right = left + 1 < width ? 3 : 0;
      const down = top + 1 < height ? width * 3 : 0;
      for (let channel = 0; channel < 3; channel++) {
        const at = topLeft + channel;
        const upper = (data[at] as number) * (1 - shareX) + (data[at + right] as number) * shareX;
        const lower =
          (data[at + down] as number) * (1 - shareX) + (data[at + down + right] as number) * shareX;
        out[pixel * 3 + channel] = Math.fround(upper * (1 - shareY) + lower * shareY);
      }
    }
  }
  return { width, height, data: out };
}

/** Offsets uniform in [-1, 1], divided by the mean of their absolute values: [2, side, side]. */
function makeControl(side: number, seed: number): Float32Array {
  const random = createRandom('warp', seed);
  const values = new Float32Array(2 * side * side);
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    values[at] = random.uniform(-1, 1);
    sum += Math.abs(values[at] as number);
  }
  const mean = sum / values.length;
  for (let at = 0; at < values.length; at++) values[at] = (values[at] as number) / mean;
  return values;
}

/**
 * Control points [2, side, side] brought to every pixel, bicubic (a = -0.75), the corners aligned, edges repeated.
 * @returns [height, width, 2], across then down
 */
export function upsampleControl(
  control: Float32Array,
  side: number,
  width: number,
  height: number,
): Float32Array {
  const across = cubicTaps(width, side);
  const down = cubicTaps(height, side);
  const out = new Float32Array(height * width * 2);
  for (let axis = 0; axis < 2; axis++) {
    // First along the rows of control points: [side, width].
    const narrow = new Float64Array(side * width);
    for (let row = 0; row < side; row++) {
      const start = (axis * side + row) * side;
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let tap = x * tapCount; tap < (x + 1) * tapCount; tap++) {
          sum += (control[start + (across.from[tap] as number)] as number) * (across.weights[tap] as number);
        }
        narrow[row * width + x] = sum;
      }
    }
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let tap = y * tapCount; tap < (y + 1) * tapCount; tap++) {
          sum += (narrow[(down.from[tap] as number) * width + x] as number) * (down.weights[tap] as number);
        }
        out[(y * width + x) * 2 + axis] = sum;
      }
    }
  }
  return out;
}

/** Control points that make a pixel. */
const tapCount = 4;

/** For each pixel along an axis the four control points around it, and their weights (Keys 1981, a = -0.75). */
function cubicTaps(pixels: number, side: number): { from: Int32Array; weights: Float64Array } {
  const from = new Int32Array(pixels * tapCount);
  const weights = new Float64Array(pixels * tapCount);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const position = pixels === 1 ? 0 : (pixel * (side - 1)) / (pixels - 1);
    const first = Math.floor(position);
    for (let tap = 0; tap < tapCount; tap++) {
      const step = tap - 1;
      from[pixel * tapCount + tap] = clamp(first + step, side - 1);
      weights[pixel * tapCount + tap] = cubic(position - first - step);
    }
  }
  return { from, weights };
}

function cubic(distance: number): number {
  const a = -0.75;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

const clamp = (value: number, last: number) => Math.min(Math.max(value, 0), last);
