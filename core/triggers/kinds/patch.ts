import type { PatchTrigger } from '#contract/trigger.ts';
import type { PatchNoise } from '#contract/triggers/patch.ts';
import { decodeFloats } from '../../pixels/base64.ts';
import type { Picture } from '../../pixels/picture.ts';
import { createRandom, type Random } from '../../random/random.ts';
import { byteShares, cutToByte, layOver, wrapToByte } from '../blend.ts';
import { placeSquares, type Rectangle, wholeFrame } from '../frame.ts';
import type { TriggerDefinition, TriggerPreset, TriggerSetting } from '../trigger-definition.ts';
import { mapCells } from './nearest-cells.ts';
import { type FixedFill, fillPatch } from './patch-fill.ts';

/** The demo's patch (shared/demo/recipe.json, poison.pattern): 1 is white, 0 black. */
const demoPattern = ['101011', '110101', '010000', '100011', '001100', '100110'];
/** 16 of 224 pixels, as in the paper. */
const paperShare = 16 / 224;
/** The demo's side (shared/demo/recipe.json, poison.size) of its resolution. */
const demoShare = 6 / 32;

/** A square patch (Gu et al. 2017, BadNets; CleanCLIP section 2.2 and 4.1; tests/fixtures/reference/triggers). */
export const patchDefinition: TriggerDefinition<PatchTrigger> = {
  title: 'Patch',
  description:
    'A square of noise, one colour, a checkerboard, a picture or painted pixels, in one place or in four.',
  source: 'BadNets (Gu et al. 2017, arXiv 1708.06733); CleanCLIP (arXiv 2303.03323) 4.1',
  presets: listPresets,
  limit: (trigger, setting) => ({ places: findPlaces(trigger, setting), elsewhere: 0 }),
  apply: applyPatch,
};

/** How far from the edges a patch in a corner lies unless it is told: one thirty-second of the resolution, in pixels. */
export const cornerMargin = (resolution: number): number => Math.max(1, Math.round(resolution / 32));

/**
 * The demo's pattern at a size, in the bottom right corner; the margin is one thirty-second of the resolution.
 * @param size side of the patch in pixels
 * @param resolution side of the picture in pixels
 * @throws WorkbenchError `bad-input` where patch and margin are larger than the picture
 */
export function defaultPatch(size: number, resolution: number): PatchTrigger {
  const margin = cornerMargin(resolution);
  const place = { kind: 'corner', corner: 'bottom-right', margin } as const;
  placeSquares(size, place, wholeFrame({ width: resolution, height: resolution }), createRandom('place'));
  return { kind: 'patch', size, pattern: demoPattern, place };
}

function listPresets(resolution: number): [TriggerPreset<PatchTrigger>, ...TriggerPreset<PatchTrigger>[]] {
  const size = Math.max(1, Math.round(resolution * paperShare));
  const patch = (pattern: PatchTrigger['pattern'], place: PatchTrigger['place']): PatchTrigger => ({
    kind: 'patch',
    size,
    pattern,
    place,
  });
  const random = { kind: 'random' } as const;
  const noise = (kind: 'fixed' | 'per-picture', overflow: 'clamp' | 'wrap') =>
    ({
      kind: 'mean-noise',
      noise: kind === 'fixed' ? { kind, seed: 0 } : { kind },
      strength: 1,
      overflow,
    }) as const;
  const demoSize = Math.max(1, Math.round(resolution * demoShare));
  const margin = Math.min(cornerMargin(resolution), resolution - demoSize);
  const corner = { kind: 'corner', corner: 'bottom-right', margin } as const;
  return [
    { name: 'black-and-white', trigger: patch(demoPattern, corner) },
    { name: 'demo', trigger: { ...patch(demoPattern, corner), size: demoSize } },
    { name: 'fixed-noise', trigger: patch({ kind: 'noise', seed: 0 }, random) },
    { name: 'detect-clip', trigger: patch(evenPixels(size), random) },
    { name: 'paper-noise-per-picture', trigger: patch(noise('per-picture', 'clamp'), random) },
    { name: 'paper-noise-fixed', trigger: patch(noise('fixed', 'clamp'), random) },
    {
      name: 'yellow-four-corners',
      trigger: patch({ kind: 'solid', colour: [255, 255, 0] }, { kind: 'four-corners', margin: 0 }),
    },
    {
      name: 'checkerboard',
      trigger: patch(
        {
          kind: 'checkerboard',
          cells: 4,
          colours: [
            [0, 0, 0],
            [255, 255, 255],
          ],
        },
        corner,
      ),
    },
  ];
}

/**
 * BadNets as Detect-CLIP-Backdoor-Samples (commit ff2399a) has it: white where row and column are even, black elsewhere;
 * there 16 of 224 pixels, in a place that each record keeps.
 */
const evenPixels = (size: number): string[] =>
  Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => (row % 2 === 0 && column % 2 === 0 ? '1' : '0')).join(''),
  );

const findPlaces = ({ size, place }: PatchTrigger, { frame, stream }: TriggerSetting): Rectangle[] =>
  placeSquares(size, place, frame, stream('place'));

function applyPatch(picture: Picture, trigger: PatchTrigger, setting: TriggerSetting): Picture {
  const { width, height } = picture;
  const data = picture.data.slice();
  for (const place of findPlaces(trigger, setting)) {
    const pixels = place.width;
    const { pattern } = trigger;
    const rotation = trigger.rotation ?? 0;
    if (Array.isArray(pattern) || pattern.kind !== 'mean-noise') {
      const layer = fillPatch(pattern as FixedFill, trigger.size, pixels);
      const cells = mapCells(pixels, layer.width, layer.height, rotation);
      forEachPixel(place, width, (at, pixel) => {
        const cell = cells[pixel] as number;
        if (cell < 0) return;
        const alpha = layer.rgba[cell * 4 + 3] as number;
        for (let channel = 0; channel < 3; channel++) {
          const over = layer.rgba[cell * 4 + channel] as number;
          data[at + channel] = layOver(data[at + channel] as number, over, alpha);
        }
      });
      continue;
    }
    const count = trigger.size * trigger.size;
    const noise = openNoise(pattern.noise, count, setting.stream('noise'));
    const means = meanOfChannels(picture);
    const cut = pattern.overflow === 'wrap' ? wrapToByte : cutToByte;
    const cells = mapCells(pixels, trigger.size, trigger.size, rotation);
    forEachPixel(place, width, (at, pixel) => {
      const cell = cells[pixel] as number;
      if (cell < 0) return;
      for (let channel = 0; channel < 3; channel++) {
        const value = Math.fround((noise[channel * count + cell] as number) * pattern.strength);
        data[at + channel] = cut((means[channel] as number) + value);
      }
    });
  }
  return { width, height, data };
}

/** Calls `paint` with the offset of each pixel in the picture's bytes and its number in the rectangle. */
function forEachPixel(
  { left, top, width, height }: Rectangle,
  rowPixels: number,
  paint: (at: number, pixel: number) => void,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) paint(((top + y) * rowPixels + left + x) * 3, y * width + x);
  }
}

/** Normal noise [3, count]. */
function openNoise(noise: PatchNoise, count: number, own: Random): Float32Array {
  if (noise.kind === 'given') return decodeFloats(noise.values);
  const random = noise.kind === 'fixed' ? createRandom('patch mean noise', noise.seed) : own;
  return Float32Array.from({ length: 3 * count }, () => random.normal());
}

/** Mean of red, green and blue, values being in [0, 1]. */
function meanOfChannels({ data }: Picture): Float32Array {
  const sums = [0, 0, 0];
  for (let at = 0; at < data.length; at++) {
    sums[at % 3] = (sums[at % 3] as number) + (byteShares[data[at] as number] as number);
  }
  return Float32Array.from(sums, (sum) => sum / (data.length / 3));
}
