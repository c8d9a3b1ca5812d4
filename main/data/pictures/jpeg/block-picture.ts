import type { Picture } from '#core/pixels/picture.ts';
import { readHeaders } from './headers.ts';
import { readScan } from './scan.ts';

/** A JPEG by the mean colours of its blocks of 8 x 8 pixels. */
export interface BlockPicture {
  width: number;
  height: number;
  /** A pixel for each block: ceil(width / 8) x ceil(height / 8). */
  blocks: Picture;
}

/**
 * Decodes a JPEG's codes to the last, without bringing its blocks back to pixels, which is most of the time that decoding
 * takes: the mean of a block is its first coefficient (ITU-T T.81, A.3.3).
 * @param maxPixels more are not decoded
 * @returns null where the file is not plain (sequential, Huffman, grey or YCbCr, one scan) or anything in it is amiss:
 *   whoever wants to know decodes it whole. What comes back here, every decoder decodes without a warning.
 */
export function readBlockPicture(bytes: Buffer, maxPixels: number): BlockPicture | null {
  const headers = readHeaders(bytes);
  if (headers === null || headers.width * headers.height > maxPixels) return null;
  const planes = readScan(bytes, headers);
  if (planes === null) return null;
  const { width, height, components } = headers;
  const most = (side: 'across' | 'down') => Math.max(...components.map((one) => one[side]));
  const [mostAcross, mostDown] = [most('across'), most('down')];
  const [across, down] = [Math.ceil(width / 8), Math.ceil(height / 8)];
  const data = new Uint8Array(3 * across * down);
  const levels = components.map((component, one) => {
    const { dc, blocksAcross } = planes[one]!;
    const step = component.dcStep / 8;
    const [x, y] =
      components.length === 1 ? [1, 1] : [mostAcross / component.across, mostDown / component.down];
    const columns = Uint32Array.from({ length: across }, (_, column) => Math.floor(column / x));
    return { dc, step, columns, rowOf: (row: number) => Math.floor(row / y) * blocksAcross };
  });
  const [luma, blue, red] = levels as [Level, Level?, Level?];
  for (let row = 0; row < down; row += 1) {
    const [inLuma, inBlue, inRed] = [luma.rowOf(row), blue?.rowOf(row) ?? 0, red?.rowOf(row) ?? 0];
    for (let column = 0; column < across; column += 1) {
      const y = luma.dc[inLuma + luma.columns[column]!]! * luma.step + 128;
      const cb = blue === undefined ? 0 : blue.dc[inBlue + blue.columns[column]!]! * blue.step;
      const cr = red === undefined ? 0 : red.dc[inRed + red.columns[column]!]! * red.step;
      const to = 3 * (row * across + column);
      // JFIF 1.02: from YCbCr to RGB.
      data[to] = clamp(y + 1.402 * cr);
      data[to + 1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
      data[to + 2] = clamp(y + 1.772 * cb);
    }
  }
  return { width, height, blocks: { width: across, height: down, data } };
}

interface Level {
  dc: Int16Array;
  step: number;
  /** By the block of the picture: those of components that are sampled less are larger. */
  columns: Uint32Array;
  rowOf(row: number): number;
}

const clamp = (level: number): number => (level < 0 ? 0 : level > 255 ? 255 : level + 0.5);
