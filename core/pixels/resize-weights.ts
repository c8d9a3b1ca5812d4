/** A run of output pixels along one axis of the resized picture. */
export interface AxisPart {
  start: number;
  length: number;
}

/** What each output pixel of a part of an axis takes from the input: `taps` weights at most, in 22-bit fixed point. */
export interface AxisWeights {
  /** First input pixel of each output pixel. */
  first: Int32Array;
  /** Number of input pixels of each output pixel. */
  count: Int32Array;
  /** [length, taps], row-major; what a row does not use is 0. */
  weights: Int32Array;
  taps: number;
}

/** Bits behind the binary point: 32 less 8 for a byte and 2 for overshoot, as in Pillow. */
export const weightBits = 22;

/** Half width of the cubic kernel in pixels, before it is widened to reduce. */
const kernelRadius = 2;
const cacheEntries = 128;
const cache = new Map<string, AxisWeights>();

/**
 * Weights that take an axis of `inSize` pixels to `outSize`, for a part of it; computed once for the same numbers.
 * Pillow 11.3's ImagingResample: half-pixel centres, the kernel widened by the reduction, weights that sum to 1 in
 * double precision and are then rounded, halves away from zero.
 */
export function axisWeights(inSize: number, outSize: number, part: AxisPart): AxisWeights {
  const key = `${inSize}:${outSize}:${part.start}:${part.length}`;
  const known = cache.get(key);
  if (known) return known;
  if (cache.size >= cacheEntries) cache.clear();
  const weights = computeWeights(inSize, outSize, part);
  cache.set(key, weights);
  return weights;
}

function computeWeights(inSize: number, outSize: number, part: AxisPart): AxisWeights {
  const scale = inSize / outSize;
  const filterScale = Math.max(scale, 1);
  const radius = kernelRadius * filterScale;
  const taps = Math.ceil(radius) * 2 + 1;
  const first = new Int32Array(part.length);
  const count = new Int32Array(part.length);
  const weights = new Int32Array(part.length * taps);
  const real = new Float64Array(taps);
  for (let out = 0; out < part.length; out++) {
    const centre = (part.start + out + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - radius + 0.5));
    const end = Math.min(inSize, Math.trunc(centre + radius + 0.5));
    let sum = 0;
    for (let tap = 0; tap < end - start; tap++) {
      const weight = cubic((tap + start - centre + 0.5) * (1 / filterScale));
      real[tap] = weight;
      sum += weight;
    }
    first[out] = start;
    count[out] = end - start;
    for (let tap = 0; tap < end - start; tap++) {
      const weight = (real[tap] as number) / sum;
      weights[out * taps + tap] = Math.trunc(weight * (1 << weightBits) + (weight < 0 ? -0.5 : 0.5));
    }
  }
  return { first, count, weights, taps };
}

/** Keys' cubic convolution kernel (1981) with a = -0.5. */
function cubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}
