import type { Picture } from '#core/pixels/picture.ts';

/** Cuts rows of raw pixels [pictures, side, side, 3] into pictures that share its memory. */
export function cutPictures(pixels: Uint8Array, side: number): Picture[] {
  const bytes = side * side * 3;
  return Array.from({ length: pixels.length / bytes }, (_, row) => ({
    width: side,
    height: side,
    data: pixels.subarray(row * bytes, (row + 1) * bytes),
  }));
}

/** Pictures of one size as rows of raw pixels [pictures, side, side, 3]. */
export function joinPictures(pictures: readonly Picture[], side: number): Uint8Array<ArrayBuffer> {
  const bytes = side * side * 3;
  const pixels = new Uint8Array(pictures.length * bytes);
  for (const [row, { data }] of pictures.entries()) pixels.set(data, row * bytes);
  return pixels;
}
