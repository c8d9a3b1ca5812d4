import { WorkbenchError } from '#contract/errors.ts';
import type { Picture } from './picture.ts';
import { type AxisPart, type AxisWeights, axisWeights, weightBits } from './resize-weights.ts';

/** A part of a picture, in whole pixels. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Resizes as Pillow 11.3's bicubic does, byte for byte: horizontally first, then vertically, rounded to 8 bits after
 * each pass; an axis that keeps its size is left alone. Aspect ratio is not kept.
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @throws WorkbenchError `bad-input` where a side is not a whole number of at least 1
 */
export function resizeBicubic(picture: Picture, width: number, height: number): Picture {
  return resizeRegion(picture, width, height, { left: 0, top: 0, width, height });
}

/** The same bytes as a region cut out of {@link resizeBicubic}'s picture, without computing the rest. */
export function resizeRegion(picture: Picture, width: number, height: number, region: Region): Picture {
  for (const side of [picture.width, picture.height, width, height]) {
    if (Number.isInteger(side) && side >= 1) continue;
    const message = `A picture of ${picture.width} x ${picture.height} pixels cannot be brought to ${width} x ${height}: sides are whole numbers of at least 1.`;
    throw new WorkbenchError('bad-input', message, { width, height });
  }
  const across = width === picture.width ? null : axisWeights(picture.width, width, alongX(region));
  const down = height === picture.height ? null : axisWeights(picture.height, height, alongY(region));
  const rows = down ? rowsNeeded(down) : alongY(region);
  const narrowed = across
    ? resampleRows(picture, across, region.width, rows)
    : cutRows(picture, region, rows);
  const data = down ? resampleColumns(narrowed, down, region, rows.start) : narrowed;
  return { width: region.width, height: region.height, data };
}

const alongX = ({ left, width }: Region): AxisPart => ({ start: left, length: width });
const alongY = ({ top, height }: Region): AxisPart => ({ start: top, length: height });

/** The input rows that the region's rows are made of. */
function rowsNeeded({ first, count }: AxisWeights): AxisPart {
  const start = first[0] as number;
  const last = first.length - 1;
  return { start, length: (first[last] as number) + (count[last] as number) - start };
}

/** Horizontal pass: [rows, picture.width, 3] to [rows, width, 3]. Two rows at once, so that a weight is read once. */
function resampleRows(picture: Picture, across: AxisWeights, width: number, rows: AxisPart): Uint8Array {
  const { first, count, weights, taps } = across;
  const { data } = picture;
  const [rowBytes, outBytes] = [picture.width * 3, width * 3];
  const out = new Uint8ClampedArray(rows.length * outBytes);
  for (let y = 0; y < rows.length; y += 2) {
    const row = (rows.start + y) * rowBytes;
    let to = y * outBytes;
    // The last of an odd number of rows goes with itself.
    const paired = y + 1 < rows.length;
    const below = paired ? rowBytes : 0;
    const belowTo = paired ? outBytes : 0;
    for (let x = 0; x < width; x++) {
      let from = row + (first[x] as number) * 3;
      let red = half;
      let green = half;
      let blue = half;
      let red2 = half;
      let green2 = half;
      let blue2 = half;
      const start = x * taps;
      const end = start + (count[x] as number);
      for (let tap = start; tap < end; tap++) {
        const weight = weights[tap] as number;
        const from2 = from + below;
        red = (red + Math.imul(data[from] as number, weight)) | 0;
        green = (green + Math.imul(data[from + 1] as number, weight)) | 0;
        blue = (blue + Math.imul(data[from + 2] as number, weight)) | 0;
        red2 = (red2 + Math.imul(data[from2] as number, weight)) | 0;
        green2 = (green2 + Math.imul(data[from2 + 1] as number, weight)) | 0;
        blue2 = (blue2 + Math.imul(data[from2 + 2] as number, weight)) | 0;
        from += 3;
      }
      out[to] = red >> weightBits;
      out[to + 1] = green >> weightBits;
      out[to + 2] = blue >> weightBits;
      const to2 = to + belowTo;
      out[to2] = red2 >> weightBits;
      out[to2 + 1] = green2 >> weightBits;
      out[to2 + 2] = blue2 >> weightBits;
      to += 3;
    }
  }
  return new Uint8Array(out.buffer);
}

/** Vertical pass: rows of region.width x 3 bytes, the first of them input row `firstRow`, to region.height of them. */
function resampleColumns(data: Uint8Array, down: AxisWeights, region: Region, firstRow: number): Uint8Array {
  const { first, count, weights, taps } = down;
  const rowBytes = region.width * 3;
  const out = new Uint8ClampedArray(region.height * rowBytes);
  let to = 0;
  for (let y = 0; y < region.height; y++) {
    const top = ((first[y] as number) - firstRow) * rowBytes;
    const start = y * taps;
    const end = start + (count[y] as number);
    for (let x = 0; x < rowBytes; x += 3) {
      let from = top + x;
      let red = half;
      let green = half;
      let blue = half;
      for (let tap = start; tap < end; tap++) {
        const weight = weights[tap] as number;
        red = (red + Math.imul(data[from] as number, weight)) | 0;
        green = (green + Math.imul(data[from + 1] as number, weight)) | 0;
        blue = (blue + Math.imul(data[from + 2] as number, weight)) | 0;
        from += rowBytes;
      }
      out[to] = red >> weightBits;
      out[to + 1] = green >> weightBits;
      out[to + 2] = blue >> weightBits;
      to += 3;
    }
  }
  return new Uint8Array(out.buffer);
}

function cutRows(picture: Picture, region: Region, rows: AxisPart): Uint8Array {
  const rowBytes = region.width * 3;
  const out = new Uint8Array(rows.length * rowBytes);
  for (let y = rows.start; y < rows.start + rows.length; y++) {
    const from = (y * picture.width + region.left) * 3;
    out.set(picture.data.subarray(from, from + rowBytes), (y - rows.start) * rowBytes);
  }
  return out;
}

/** One half in fixed point: makes the shift round. */
const half = 1 << (weightBits - 1);
