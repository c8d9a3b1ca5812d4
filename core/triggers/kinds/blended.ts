import type { BlendedTrigger } from '#contract/triggers/blended.ts';
import type { Picture } from '../../pixels/picture.ts';
import { resizeBicubic } from '../../pixels/resize.ts';
import { createRandom, type Random } from '../../random/random.ts';
import { blendBytes, blendLimit } from '../blend.ts';
import { createSmallCache } from '../small-cache.ts';
import type { TriggerDefinition, TriggerSetting } from '../trigger-definition.ts';
import { openEmbeddedAt } from './embedded-picture.ts';

/** 0.8 of the picture and 0.2 of the noise in the paper. */
const paperAlpha = 0.2;

/** Noise or a picture blended over the whole (Chen et al. 2017; CleanCLIP 4.1; tests/fixtures/reference/triggers). */
export const blendedDefinition: TriggerDefinition<BlendedTrigger> = {
  title: 'Blended',
  description: 'Noise or a picture blended over the whole picture.',
  source: 'Chen et al. 2017, arXiv 1712.05526; CleanCLIP (arXiv 2303.03323) 4.1',
  presets: () => [
    {
      name: 'fixed-noise',
      trigger: { kind: 'blended', alpha: paperAlpha, pattern: { kind: 'noise', seed: 0 } },
    },
    {
      name: 'paper-noise-per-picture',
      trigger: { kind: 'blended', alpha: paperAlpha, pattern: { kind: 'noise-per-picture' } },
    },
  ],
  limit: ({ alpha }) => ({ places: [], elsewhere: blendLimit(alpha) }),
  apply: applyBlended,
};

function applyBlended(picture: Picture, trigger: BlendedTrigger, setting: TriggerSetting): Picture {
  const { width, height } = picture;
  const over = openPattern(trigger.pattern, picture, setting);
  const data = new Uint8Array(picture.data.length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = (trigger.alpha * (over.rgba[pixel * 4 + 3] as number)) / 255;
    for (let channel = 0; channel < 3; channel++) {
      const base = picture.data[pixel * 3 + channel] as number;
      data[pixel * 3 + channel] = blendBytes(base, over.rgba[pixel * 4 + channel] as number, alpha);
    }
  }
  return { width, height, data };
}

const fixedNoise = createSmallCache<{ rgba: Uint8Array }>(8);

/** The pattern over the whole picture. Noise has one cell per unit of the frame and is stretched from there. */
function openPattern(
  pattern: BlendedTrigger['pattern'],
  { width, height }: Picture,
  { frame, stream }: TriggerSetting,
): { rgba: Uint8Array } {
  if (pattern.kind === 'picture') return openEmbeddedAt(pattern, width, height);
  const { columns, rows } = frame;
  const make = (random: Random) => addAlpha(resizeBicubic(makeNoise(columns, rows, random), width, height));
  if (pattern.kind === 'noise-per-picture') return make(stream('noise'));
  const key = `${pattern.seed}:${columns}x${rows}:${width}x${height}`;
  return fixedNoise.get(key, () => make(createRandom('blended noise', pattern.seed)));
}

/** Uniform noise, 8 bits a value. */
function makeNoise(width: number, height: number, random: Random): Picture {
  const data = new Uint8Array(width * height * 3);
  random.fillBytes(data);
  return { width, height, data };
}

function addAlpha({ data }: Picture): { rgba: Uint8Array } {
  const rgba = new Uint8Array((data.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from] as number;
    rgba[to + 1] = data[from + 1] as number;
    rgba[to + 2] = data[from + 2] as number;
  }
  return { rgba };
}
