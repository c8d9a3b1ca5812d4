import type { Random } from '../random/random.ts';
import { moveAffinely } from './affine.ts';
import type { Picture } from './picture.ts';
import { shiftPicture } from './shift.ts';

/** The bounds that the demo's recipe gives (shared/demo/recipe.json, clean.imageAugmentation). */
export const smallAugmentation = {
  /** Radians, either way. */
  angle: 0.35,
  scale: { low: 0.75, high: 1.2 },
  mirrorChance: 0.5,
  /** Share of the side, each way. */
  shift: 0.1,
  contrast: { low: 0.5, high: 1.5 },
  /** Of 255, either way. */
  brightness: 40,
  greyChance: 0.2,
} as const;

/** Share of the side by which training pictures are shifted at most: 3 pixels of 32. */
const trainingShift = 3 / 32;

/** ITU-R BT.601, what Pillow and torchvision take for grey. */
const luma = [0.299, 0.587, 0.114] as const;

/**
 * A view of a small picture for CleanCLIP's self-supervised term: moved affinely about the centre with edge
 * replication, contrast about the mean of all values, brightness, and at times grey. Rounded once, at the end.
 */
export function augmentSmall(picture: Picture, random: Random): Picture {
  const { width, height } = picture;
  const bounds = smallAugmentation;
  const values = moveAffinely(picture, {
    angle: random.uniform(-bounds.angle, bounds.angle),
    scale: random.uniform(bounds.scale.low, bounds.scale.high),
    mirrored: random.chance(bounds.mirrorChance),
    shiftX: random.uniform(-bounds.shift, bounds.shift) * width,
    shiftY: random.uniform(-bounds.shift, bounds.shift) * height,
  });
  const contrast = random.uniform(bounds.contrast.low, bounds.contrast.high);
  const brightness = random.uniform(-bounds.brightness, bounds.brightness);
  const mean = meanOf(values);
  const offset = mean * (1 - contrast) + brightness;
  const data = new Uint8ClampedArray(values.length);
  const grey = random.chance(bounds.greyChance);
  for (let i = 0; i < values.length; i += 3) {
    const red = (values[i] as number) * contrast + offset;
    const green = (values[i + 1] as number) * contrast + offset;
    const blue = (values[i + 2] as number) * contrast + offset;
    const level = luma[0] * red + luma[1] * green + luma[2] * blue;
    data[i] = grey ? level : red;
    data[i + 1] = grey ? level : green;
    data[i + 2] = grey ? level : blue;
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

/** A training picture shifted by a random whole number of pixels, up to round(3/32 of the side) each way. */
export function shiftRandomly(picture: Picture, random: Random): Picture {
  const reachX = Math.round(picture.width * trainingShift);
  const reachY = Math.round(picture.height * trainingShift);
  const dx = random.integer(2 * reachX + 1) - reachX;
  const dy = random.integer(2 * reachY + 1) - reachY;
  return shiftPicture(picture, dx, dy);
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
