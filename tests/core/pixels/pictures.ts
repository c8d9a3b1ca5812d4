import fc from 'fast-check';
import type { Picture } from '#core/pixels/picture.ts';

/** A grey picture from its rows of values. */
export function greyPicture(rows: number[][]): Picture {
  const width = rows[0]?.length ?? 0;
  return {
    width,
    height: rows.length,
    data: Uint8Array.from(rows.flat().flatMap((value) => [value, value, value])),
  };
}

/** The rows of a picture's red channel. */
export function redRows({ width, height, data }: Picture): number[][] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => data[(y * width + x) * 3]!),
  );
}

/** Any picture of at most this many pixels a side. */
export function anyPicture(largestSide: number): fc.Arbitrary<Picture> {
  const side = fc.integer({ min: 1, max: largestSide });
  return fc
    .tuple(side, side)
    .chain(([width, height]) =>
      fc
        .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
        .map((data) => ({ width, height, data })),
    );
}
