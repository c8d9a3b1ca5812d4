import type { Picture } from '../pixels/picture.ts';

/** Where an output pixel's content comes from: x = a x + b y + c, y = d x + e y + f. */
type InverseAffine = [number, number, number, number, number, number];

/** Slants a picture: each row moves left by `shear` times its number (torchvision's ShearX on a Pillow picture). */
export const shearX = (picture: Picture, shear: number) => moveNearest(picture, [1, shear, 0, 0, 1, 0]);

/** Slants a picture: each column moves up by `shear` times its number (ShearY). */
export const shearY = (picture: Picture, shear: number) => moveNearest(picture, [1, 0, 0, shear, 1, 0]);

/** Moves a picture to the right by pixels, cut to a whole number; black comes in. */
export const translateX = (picture: Picture, pixels: number) =>
  moveNearest(picture, [1, 0, -Math.trunc(pixels), 0, 1, 0]);

/** Moves a picture down by pixels, cut to a whole number; black comes in. */
export const translateY = (picture: Picture, pixels: number) =>
  moveNearest(picture, [1, 0, 0, 0, 1, -Math.trunc(pixels)]);

/** Turns a picture about its centre, counter-clockwise as seen, by degrees; corners are black. */
export function rotate(picture: Picture, degrees: number): Picture {
  const angle = -((((degrees % 360) + 360) % 360) * Math.PI) / 180;
  const cos = roundTo15(Math.cos(angle));
  const sin = roundTo15(Math.sin(angle));
  const centreX = picture.width / 2;
  const centreY = picture.height / 2;
  return moveNearest(picture, [
    cos,
    sin,
    centreX - cos * centreX - sin * centreY,
    -sin,
    cos,
    centreY + sin * centreX - cos * centreY,
  ]);
}

/** 15 decimals, as Pillow rounds the sine and cosine of a rotation. */
const roundTo15 = (value: number) => Math.round(value * 1e15) / 1e15;

const fixedOne = 65536;
const toFixed = (value: number) => Math.floor(value * fixedOne + 0.5);

/** Nearest neighbour at pixel centres in 16-bit fixed point, outside black, as Pillow's affine transform. */
function moveNearest({ width, height, data }: Picture, [a, b, c, d, e, f]: InverseAffine): Picture {
  const out = new Uint8Array(data.length);
  const stepX = [toFixed(a), toFixed(d)] as const;
  const stepY = [toFixed(b), toFixed(e)] as const;
  const startX = toFixed(c + a * 0.5 + b * 0.5);
  const startY = toFixed(f + d * 0.5 + e * 0.5);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = Math.floor((startX + x * stepX[0] + y * stepY[0]) / fixedOne);
      const fromY = Math.floor((startY + x * stepX[1] + y * stepY[1]) / fixedOne);
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue;
      const from = (fromY * width + fromX) * 3;
      const to = (y * width + x) * 3;
      out[to] = data[from] as number;
      out[to + 1] = data[from + 1] as number;
      out[to + 2] = data[from + 2] as number;
    }
  }
  return { width, height, data: out };
}
