import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { EngineRecord } from '#contract/engine.ts';
import { createRandom } from '#core/random/random.ts';

export const benchedClasses = Array.from({ length: 10 }, (_, number) => `class ${number}`);

/** JPEG files of smooth pictures with some noise, which compress about as photographs do, and their records. */
export async function writeBenchedPictures(
  folder: string,
  count: number,
  side: number,
): Promise<EngineRecord[]> {
  const random = createRandom('bench-evaluate');
  await mkdir(path.join(folder, 'pictures'));
  const records: EngineRecord[] = [];
  for (let number = 0; number < count; number++) {
    const [across, down, level] = [random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(80, 170)];
    const data = Uint8Array.from({ length: side * side * 3 }, (_, at) => {
      const [x, y] = [Math.floor(at / 3) % side, Math.floor(at / 3 / side)];
      const slope = (60 * (across * (x - side / 2) + down * (y - side / 2))) / side;
      return Math.max(0, Math.min(255, level + slope + 20 * (at % 3) + random.uniform(-12, 12)));
    });
    const image = path.join(folder, 'pictures', `${number}.jpg`);
    await sharp(data, { raw: { width: side, height: side, channels: 3 } })
      .jpeg({ quality: 90 })
      .toFile(image);
    const label = benchedClasses[number % benchedClasses.length]!;
    records.push({
      recordId: number + 1,
      key: `${number}.jpg`,
      image,
      caption: label,
      label,
      poisoned: false,
    });
  }
  return records;
}
