import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { type SimpleTrigger, type Trigger, triggerKinds, triggerSchema } from '#contract/trigger.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { resizeBicubic } from '#core/pixels/resize.ts';
import { limitTrigger, listPresets, renderTriggered } from '#core/triggers/trigger-registry.ts';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { temporaryFolder } from '../../data/picture-files.ts';
import { anyPicture } from '../pixels/pictures.ts';
import { anyTrigger } from './any-trigger.ts';

const resolution = 16;
const runs = { numRuns: 60 };

const renderBoth = (picture: Picture, trigger: Trigger, seed: number) => {
  const attack = { trigger, resolution, seed };
  const clean = trigger.apply === 'before' ? picture : resizeBicubic(picture, resolution, resolution);
  return {
    clean,
    rendered: renderTriggered(picture, attack, 'a.png'),
    limit: limitTrigger(picture, attack, 'a.png'),
  };
};

const anyCase = (trigger: fc.Arbitrary<Trigger>) => fc.tuple(anyPicture(24), trigger, fc.nat(1000));

describe.each(triggerKinds)('%s', (kind) => {
  test('is a schema value, and stays one through JSON', () => {
    fc.assert(
      fc.property(anyTrigger(kind), (trigger) => {
        expect(triggerSchema.parse(JSON.parse(JSON.stringify(trigger)))).toEqual(trigger);
      }),
      runs,
    );
  });

  test('gives the same bytes for the same picture, parameters and seed, and leaves the picture alone', () => {
    fc.assert(
      fc.property(anyCase(anyTrigger(kind)), ([picture, trigger, seed]) => {
        const attack = { trigger, resolution, seed };
        const before = picture.data.slice();
        const first = renderTriggered(picture, attack, 'a.png');
        const again = renderTriggered(picture, structuredClone(attack), 'a.png');
        expect(again).toEqual(first);
        expect(picture.data).toEqual(before);
        expect(first.data).toHaveLength(first.width * first.height * 3);
      }),
      runs,
    );
  });

  test('changes nothing outside its places by more than it declares', () => {
    fc.assert(
      fc.property(anyCase(anyTrigger(kind)), ([picture, trigger, seed]) => {
        const { clean, rendered, limit } = renderBoth(picture, trigger, seed);
        let largest = 0;
        for (let at = 0; at < clean.data.length; at++) {
          const x = Math.floor(at / 3) % clean.width;
          const y = Math.floor(at / 3 / clean.width);
          const inside = limit.places.some(
            ({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height,
          );
          if (!inside) largest = Math.max(largest, Math.abs(rendered.data[at]! - clean.data[at]!));
        }
        expect(largest).toBeLessThanOrEqual(limit.elsewhere);
      }),
      runs,
    );
  });

  test('has presets that are valid and apply at resolutions from 1 to 224', () => {
    const picture = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, at) => at * 14) };
    for (const side of [1, 2, 7, 32, 224]) {
      for (const { trigger } of listPresets(kind, side)) {
        expect(triggerSchema.parse(trigger)).toEqual(trigger);
        const rendered = renderTriggered(picture, { trigger, resolution: side, seed: 1 }, 'a.png');
        expect([rendered.width, rendered.height]).toEqual([side, side]);
      }
    }
  });
});

test('a patch of the first version reads as it was stored, without new fields', () => {
  const stored = {
    kind: 'patch',
    size: 6,
    pattern: ['101011', '110101', '010000', '100011', '001100', '100110'],
    place: { kind: 'corner', corner: 'bottom-right', margin: 1 },
  };
  expect(triggerSchema.parse(stored)).toEqual(stored);
  expect(Object.keys(triggerSchema.parse(stored)).sort()).toEqual(Object.keys(stored).sort());
});

test('triggers with a place declare no change elsewhere', () => {
  const picture = { width: 20, height: 20 };
  for (const kind of ['patch', 'text'] as const) {
    fc.assert(
      fc.property(anyTrigger(kind), (trigger) => {
        expect(limitTrigger(picture, { trigger, resolution, seed: 1 }, 'a.png').elsewhere).toBe(0);
      }),
    );
  }
  fc.assert(
    fc.property(anyTrigger('stripes'), (trigger) => {
      const { places, elsewhere } = limitTrigger(picture, { trigger, resolution, seed: 1 }, 'a.png');
      const whole = trigger.kind === 'stripes' && trigger.area.kind === 'whole';
      expect([places.length === 0, elsewhere === 0 || whole]).toEqual([whole, true]);
    }),
  );
});

test('alpha 0, strength 0, magnitude 0 and no shift change nothing', () => {
  const black = [0, 0, 0];
  const clear = { width: 2, height: 1, rgba: 'AAAAAAAAAAA=' };
  const square = { kind: 'square', size: 4, place: { kind: 'random' } } as const;
  const colours = [black, [255, 255, 255]];
  const still: SimpleTrigger[] = [
    { kind: 'patch', size: 5, pattern: { kind: 'picture', ...clear }, place: { kind: 'centre' } },
    { kind: 'patch', size: 5, pattern: { kind: 'painted', ...clear }, place: { kind: 'random' } },
    { kind: 'blended', alpha: 0, pattern: { kind: 'noise', seed: 3 } },
    { kind: 'blended', alpha: 0, pattern: { kind: 'noise-per-picture' } },
    { kind: 'blended', alpha: 0.7, pattern: { kind: 'picture', ...clear } },
    { kind: 'sinusoid', amplitude: 60, frequency: 6, direction: 20, alpha: 0, mode: 'blend' },
    { kind: 'sinusoid', amplitude: 60, frequency: 6, direction: 20, alpha: 0, mode: 'add' },
    { kind: 'warp', gridSize: 4, strength: 0, control: { kind: 'random', seed: 1 } },
    { kind: 'stripes', area: square, stripeWidth: 1, direction: 0, colours, alpha: 0 },
    { kind: 'stripes', area: { kind: 'whole' }, stripeWidth: 1, direction: 0, colours, alpha: 0 },
    { kind: 'stripes', area: square, stripeWidth: 1, direction: 7, colours, alpha: 0, colourSeed: 3 },
    { kind: 'triangles', tiles: 3, colours, alpha: 0 },
    { kind: 'triangles', tiles: 3, colours, alpha: 0, shape: 'half' },
    { kind: 'text', text: 'no', font: 'bold', size: 7, colour: black, place: { kind: 'centre' }, alpha: 0 },
    { kind: 'frequency', blockSize: 8, coefficients: [{ row: 1, column: 2 }], magnitude: 0, channels: 'rgb' },
    ...(['rgb', 'hsv', 'ycbcr', 'lab'] as const).map(
      (space): SimpleTrigger => ({ kind: 'colour', space, change: { kind: 'shift', amounts: [0, 0, 0] } }),
    ),
  ];
  expect([...new Set(still.map(({ kind }) => kind)), 'composition'].sort()).toEqual([...triggerKinds].sort());
  fc.assert(
    fc.property(anyPicture(24), fc.constantFrom('before', 'after'), (picture, apply) => {
      const composed = { kind: 'composition', parts: still.slice(0, 16) } as const;
      for (const trigger of [...still, composed]) {
        const { clean, rendered } = renderBoth(picture, { ...trigger, apply }, 1);
        expect(rendered).toEqual(clean);
      }
    }),
    { numRuns: 20 },
  );
});

test('every kind survives odd picture files, before and after resizing', async () => {
  const folder = temporaryFolder();
  const noise = (width: number, height: number, channels: 1 | 2 | 3 | 4) =>
    sharp(
      Uint8Array.from({ length: width * height * channels }, (_, at) => (at * 37) % 256),
      { raw: { width, height, channels } },
    );
  const deep = Uint16Array.from({ length: 9 * 7 * 3 }, (_, at) => (at * 977) % 65536);
  const files: Record<string, Sharp> = {
    'one.png': noise(1, 1, 3).png(),
    'wide.png': noise(3000, 17, 3).png(),
    'grey.png': noise(9, 7, 1).toColourspace('b-w').png(),
    'cmyk.jpg': noise(9, 7, 3).toColourspace('cmyk').jpeg(),
    'deep.png': sharp(deep, { raw: { width: 9, height: 7, channels: 3 } })
      .toColourspace('rgb16')
      .png(),
    'turned.jpg': noise(9, 7, 3)
      .withExif({ IFD0: { Orientation: '6' } })
      .jpeg(),
    'clear.png': noise(9, 7, 4).png(),
  };
  for (const [name, file] of Object.entries(files)) {
    const path = join(folder, name);
    writeFileSync(path, await file.toBuffer());
    const picture = await decodePicture(path);
    for (const kind of triggerKinds) {
      for (const { name: preset, trigger } of listPresets(kind, 32)) {
        for (const apply of ['before', 'after'] as const) {
          const attack = { trigger: { ...trigger, apply }, resolution: 32, seed: 1 };
          const { width, height, data } = renderTriggered(picture, attack, name);
          expect([width, height], `${kind} ${preset} ${name}`).toEqual(
            apply === 'before' ? [picture.width, picture.height] : [32, 32],
          );
          expect(data).toHaveLength(width * height * 3);
        }
      }
    }
  }
});
