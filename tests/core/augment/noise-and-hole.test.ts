import { expect, test } from 'vitest';
import { brightenAndErase } from '#core/augment/noise-and-hole.ts';
import { createRandom } from '#core/random/random.ts';

const [width, height] = [40, 40];
const grey = { width, height, data: new Uint8Array(width * height * 3).fill(90) };
// round(0.48145466 x 255), round(0.4578275 x 255), round(0.40821073 x 255): CLIP's mean.
const mean = [123, 117, 104];

test('half of the pictures become brighter and never darker; half have a hole of the mean colour', () => {
  const random = createRandom('views');
  let noisy = 0;
  let holed = 0;
  for (let draw = 0; draw < 400; draw++) {
    const { data } = brightenAndErase(grey, random);
    const isMean = Array.from({ length: width * height }, (_, at) =>
      mean.every((value, channel) => data[at * 3 + channel] === value),
    );
    const hole = isMean.filter(Boolean).length;
    // 0.5 to 1 % of 1600 pixels, as a square: 3 x 3 or 4 x 4.
    if (hole > 4) {
      holed += 1;
      expect([9, 16]).toContain(hole);
    }
    const rest = [...data].filter((_, at) => !isMean[Math.floor(at / 3)]);
    expect(Math.min(...rest)).toBeGreaterThanOrEqual(90);
    if (rest.some((value) => value > 90)) noisy += 1;
  }
  // Within four standard deviations of 200.
  for (const count of [noisy, holed]) {
    expect(count).toBeGreaterThan(160);
    expect(count).toBeLessThan(240);
  }
  expect(grey.data.every((value) => value === 90)).toBe(true);
});
