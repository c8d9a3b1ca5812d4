import { WorkbenchError } from '#contract/errors.ts';
import type { Picture } from './picture.ts';

/** How far one picture is from another of the same size. */
export interface PictureDifference {
  /** Number of values (three a pixel) that differ. */
  l0: number;
  /** Root of the sum of squared differences, values being in [0, 1]. */
  l2: number;
  /** Largest difference of a value, in [0, 1]. */
  lInfinity: number;
  /** Peak signal to noise ratio in dB, over all values; null where the pictures are equal. */
  psnr: number | null;
  /** Mean structural similarity of brightness, at most 1. */
  ssim: number;
  /** Fraction of pixels with any value changed. */
  changedShare: number;
}

/** @throws WorkbenchError `bad-input` where the sizes differ */
export function comparePictures(before: Picture, after: Picture): PictureDifference {
  if (before.width !== after.width || before.height !== after.height) {
    throw new WorkbenchError(
      'bad-input',
      `A picture of ${before.width} x ${before.height} pixels cannot be compared with one of ${after.width} x ${after.height}: bring both to one size.`,
    );
  }
  const values = before.data.length;
  let l0 = 0;
  let squares = 0;
  let largest = 0;
  let changedPixels = 0;
  for (let pixel = 0; pixel < values; pixel += 3) {
    let changed = false;
    for (let at = pixel; at < pixel + 3; at++) {
      const difference = Math.abs((before.data[at] as number) - (after.data[at] as number));
      if (difference === 0) continue;
      changed = true;
      l0 += 1;
      squares += difference * difference;
      largest = Math.max(largest, difference);
    }
    if (changed) changedPixels += 1;
  }
  return {
    l0,
    l2: Math.sqrt(squares) / 255,
    lInfinity: largest / 255,
    psnr: squares === 0 ? null : 10 * Math.log10((255 * 255 * values) / squares),
    ssim: compareStructure(before, after),
    changedShare: changedPixels / (values / 3),
  };
}

/** Window of Wang et al. 2004: Gaussian of deviation 1.5, 11 pixels; cut off and weighted anew at the edges. */
const reach = 5;
const deviation = 1.5;
const c1 = (0.01 * 255) ** 2;
const c2 = (0.03 * 255) ** 2;

function compareStructure(before: Picture, after: Picture): number {
  const { width, height } = before;
  const a = brightness(before);
  const b = brightness(after);
  const blur = (values: Float64Array) => blurGaussian(values, width, height);
  const multiply = (x: Float64Array, y: Float64Array) => {
    const product = new Float64Array(x.length);
    for (let at = 0; at < x.length; at++) product[at] = (x[at] as number) * (y[at] as number);
    return product;
  };
  const meanA = blur(a);
  const meanB = blur(b);
  const squareA = blur(multiply(a, a));
  const squareB = blur(multiply(b, b));
  const product = blur(multiply(a, b));
  let sum = 0;
  for (let at = 0; at < a.length; at++) {
    const mA = meanA[at] as number;
    const mB = meanB[at] as number;
    const variances = (squareA[at] as number) - mA * mA + (squareB[at] as number) - mB * mB;
    const covariance = (product[at] as number) - mA * mB;
    sum += ((2 * mA * mB + c1) * (2 * covariance + c2)) / ((mA * mA + mB * mB + c1) * (variances + c2));
  }
  return sum / a.length;
}

/** ITU-R BT.601. */
function brightness({ data }: Picture): Float64Array {
  const out = new Float64Array(data.length / 3);
  for (let pixel = 0; pixel < out.length; pixel++) {
    const at = pixel * 3;
    out[pixel] =
      0.299 * (data[at] as number) + 0.587 * (data[at + 1] as number) + 0.114 * (data[at + 2] as number);
  }
  return out;
}

const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, at) =>
  Math.exp(-((at - reach) ** 2) / (2 * deviation * deviation)),
);

function blurGaussian(values: Float64Array, width: number, height: number): Float64Array {
  const alongRows = blurAxis(values, width, height, width, 1);
  return blurAxis(alongRows, height, width, 1, width);
}

/** Blurs `lines` lines of `length` values; a line's values lie `step` apart, the lines `lineStep`. */
function blurAxis(
  values: Float64Array,
  length: number,
  lines: number,
  lineStep: number,
  step: number,
): Float64Array {
  const out = new Float64Array(values.length);
  const totals = new Float64Array(length);
  for (let place = 0; place < length; place++) {
    const last = Math.min(length - 1, place + reach);
    for (let tap = Math.max(0, place - reach); tap <= last; tap++) {
      totals[place] = (totals[place] as number) + (weights[tap - place + reach] as number);
    }
  }
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    for (let place = 0; place < length; place++) {
      const first = Math.max(0, place - reach);
      const end = Math.min(length, place + reach + 1) - place + reach;
      let from = start + first * step;
      let sum = 0;
      for (let at = first - place + reach; at < end; at++) {
        sum += (weights[at] as number) * (values[from] as number);
        from += step;
      }
      out[start + place * step] = sum / (totals[place] as number);
    }
  }
  return out;
}
