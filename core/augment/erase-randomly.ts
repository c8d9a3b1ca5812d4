import type { Picture } from '../pixels/picture.ts';
import type { Random } from '../random/random.ts';

/** Those of the paper's experiments (section 4.2). */
const erasing = { chance: 0.5, area: { low: 0.02, high: 0.4 }, aspect: { low: 0.3, high: 1 / 0.3 } } as const;

/**
 * Random erasing (Zhong et al., arXiv 1708.04896, algorithm 1 with random values): in half of the pictures a rectangle
 * of 2 to 40 % of the area, anywhere, becomes noise, each value uniform in 0 to 255. One that does not fit is cut off,
 * where the paper draws again.
 */
export function eraseRandomly(picture: Picture, random: Random): Picture {
  if (!random.chance(erasing.chance)) return picture;
  const { width, height } = picture;
  const data = picture.data.slice();
  const area = random.uniform(erasing.area.low, erasing.area.high) * width * height;
  const aspect = random.uniform(erasing.aspect.low, erasing.aspect.high);
  const rows = toSide(Math.sqrt(area * aspect), height);
  const columns = toSide(Math.sqrt(area / aspect), width);
  const left = random.integer(width - columns + 1);
  const top = random.integer(height - rows + 1);
  for (let y = top; y < top + rows; y++) {
    const start = (y * width + left) * 3;
    random.fillBytes(data.subarray(start, start + columns * 3));
  }
  return { width, height, data };
}

const toSide = (length: number, longest: number) => Math.min(longest, Math.max(1, Math.round(length)));
