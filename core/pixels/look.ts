import type { Picture } from './picture.ts';

/** Cells a side of the centre square. */
const cells = 9;
/** Points looked at a side of each cell. */
const points = 16;
const side = cells * points;
/** Neighbouring cells differ from so many levels of 255 on: less is noise of compression. */
const step = 1.5;

/** Bytes of the hash at the beginning of a look. */
export const lookHashBytes = 16;
/** Bytes of a look: the hash, then mean red, green and blue of 3 x 3 areas. */
export const lookBytes = lookHashBytes + 27;

/** Bits of 128 that the hashes of near duplicates differ in at most: one of eight parts of 16 bits is then equal. */
export const nearBits = 7;
/** Levels of 255 that their areas differ in at most. */
const nearLevels = 12;

/**
 * What a picture looks like, to find those that are nearly the same: saved again, scaled, slightly brighter. It is taken
 * of the centre square, which is what a model sees, whatever its resolution: mean brightness of 9 x 9 cells, of which
 * neighbours are compared (difference hash), 64 bits across and 64 down; and the colours of 3 x 3 areas.
 */
export function lookOf(picture: Picture): Uint8Array<ArrayBuffer> {
  return lookOfBlocks(picture, picture, 1);
}

/** {@link lookOf} of a picture of these sides by its blocks, each a pixel that is the mean of `block` x `block` pixels. */
export function lookOfBlocks(
  { width: stride, data }: Picture,
  { width, height }: Pick<Picture, 'width' | 'height'>,
  block: number,
): Uint8Array<ArrayBuffer> {
  const square = Math.min(width, height);
  const left = (width - square) >> 1;
  const top = (height - square) >> 1;
  const sums = new Float64Array(cells * cells * 3);
  const rows = placesOf(top, square, block);
  const columns = placesOf(left, square, block);
  for (const row of rows) {
    for (const column of columns) {
      const from = 3 * (row.place * stride + column.place);
      const to = 3 * (row.cell * cells + column.cell);
      const times = row.times * column.times;
      sums[to] = sums[to]! + times * data[from]!;
      sums[to + 1] = sums[to + 1]! + times * data[from + 1]!;
      sums[to + 2] = sums[to + 2]! + times * data[from + 2]!;
    }
  }
  const mean = (cell: number, channel: number) => sums[3 * cell + channel]! / (points * points);
  const grey = (row: number, column: number) => {
    const cell = row * cells + column;
    return 0.299 * mean(cell, 0) + 0.587 * mean(cell, 1) + 0.114 * mean(cell, 2);
  };
  const look = new Uint8Array(lookBytes);
  for (let row = 0; row < 8; row += 1) {
    for (let column = 0; column < 8; column += 1) {
      const here = grey(row, column);
      if (here - grey(row, column + 1) > step) look[row]! |= 1 << column;
      if (here - grey(row + 1, column) > step) look[8 + row]! |= 1 << column;
    }
  }
  for (let area = 0; area < 9; area += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      let sum = 0;
      for (let inner = 0; inner < 9; inner += 1) {
        const row = 3 * Math.floor(area / 3) + Math.floor(inner / 3);
        sum += mean(row * cells + 3 * (area % 3) + (inner % 3), channel);
      }
      look[lookHashBytes + 3 * area + channel] = Math.round(sum / 9);
    }
  }
  return look;
}

/** Where the points of a side lie, those of one cell that lie in one block together. */
function placesOf(
  from: number,
  square: number,
  block: number,
): { place: number; cell: number; times: number }[] {
  const places: { place: number; cell: number; times: number }[] = [];
  for (let point = 0; point < side; point += 1) {
    const place = Math.floor((from + Math.floor(((point + 0.5) * square) / side)) / block);
    const cell = Math.floor(point / points);
    const last = places.at(-1);
    if (last?.place === place && last.cell === cell) last.times += 1;
    else places.push({ place, cell, times: 1 });
  }
  return places;
}

/** Whether two looks are of near duplicates. */
export function looksNear(a: Uint8Array, b: Uint8Array): boolean {
  let bits = 0;
  for (let at = 0; at < lookHashBytes; at += 1) bits += countBits(a[at]! ^ b[at]!);
  if (bits > nearBits) return false;
  for (let at = lookHashBytes; at < lookBytes; at += 1) {
    if (Math.abs(a[at]! - b[at]!) > nearLevels) return false;
  }
  return true;
}

/** Ones in 32 bits (Warren, Hacker's Delight, 5-1). */
export function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
