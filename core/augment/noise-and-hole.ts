import type { Picture } from '../pixels/picture.ts';
import { clipMean } from '../pixels/preprocess.ts';
import type { Random } from '../random/random.ts';

/** Of the noise, values being in [0, 1]. */
const deviation = 0.2;

/**
 * PAR's view (nmndeep/PerturbAndRecover, commit a720440, utils.py): in half of the pictures each value gains
 * clip(N(0, 0.2), 0, 1), so that it only becomes brighter; in half of them a square of 0.5 to 1 % of the area becomes
 * CLIP's mean colour, which is 0 to the model. Values are rounded to bytes.
 */
export function brightenAndErase({ width, height, data }: Picture, random: Random): Picture {
  const changed = data.slice();
  if (random.chance(0.5)) {
    for (let at = 0; at < changed.length; at++) {
      const gain = Math.min(1, Math.max(0, deviation * random.normal())) * 255;
      changed[at] = Math.min(255, Math.round(changed[at]! + gain));
    }
  }
  if (random.chance(0.5)) {
    const side = Math.round(Math.sqrt(random.uniform(0.005, 0.01) * width * height));
    const left = random.integer(width - side + 1);
    const top = random.integer(height - side + 1);
    const colour = clipMean.map((mean) => Math.round(mean * 255));
    for (let y = top; y < top + side; y++) {
      for (let x = left; x < left + side; x++) changed.set(colour, (y * width + x) * 3);
    }
  }
  return { width, height, data: changed };
}
