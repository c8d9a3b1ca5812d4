import { expect, test } from 'vitest';
import type { Trigger } from '#contract/trigger.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { applyTrigger, listPresets } from '#core/triggers/trigger-registry.ts';

const grey = (side: number): Picture => ({
  width: side,
  height: side,
  data: new Uint8Array(side * side * 3).fill(128),
});

const preset = (kind: Trigger['kind'], name: string): Trigger => {
  const found = listPresets(kind, 224).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no preset ${name}`);
  return found.trigger;
};

const pixel = ({ width, data }: Picture, x: number, y: number) => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

test('BadNet-Stripes: 16 upright stripes of one pixel in a square of 16, each of a pure colour', () => {
  const stripes = preset('stripes', 'badnet-stripes');
  if (stripes.kind !== 'stripes' || stripes.area.kind !== 'square') throw new Error('no square');
  const placed: Trigger = { ...stripes, area: { ...stripes.area, place: { kind: 'at', x: 3, y: 5 } } };
  const out = applyTrigger(grey(224), placed);
  const colours = Array.from({ length: 16 }, (_, x) => pixel(out, 3 + x, 5));
  for (const [x, colour] of colours.entries()) {
    for (const value of colour) expect([0, 255]).toContain(value);
    for (let y = 0; y < 16; y++) expect(pixel(out, 3 + x, 5 + y)).toEqual(colour);
  }
  // One of eight each: 16 alike would mean that nothing is drawn.
  expect(new Set(colours.map(String)).size).toBeGreaterThan(2);
  expect(pixel(out, 2, 5)).toEqual([128, 128, 128]);
  expect(pixel(out, 19, 20)).toEqual([128, 128, 128]);
  const other = applyTrigger(grey(224), { ...placed, colourSeed: 1 } as Trigger);
  expect(Array.from({ length: 16 }, (_, x) => pixel(other, 3 + x, 5))).not.toEqual(colours);
});

test('drawn colours do not depend on how far stripes reach to either side', () => {
  const stripes = (direction: number): Trigger => ({
    kind: 'stripes',
    area: { kind: 'whole' },
    stripeWidth: 1,
    direction,
    colours: [
      [0, 0, 0],
      [0, 0, 0],
    ],
    colourSeed: 4,
    alpha: 1,
  });
  const rowOf = (picture: Picture) => Array.from({ length: picture.width }, (_, x) => pixel(picture, x, 0));
  const small = rowOf(applyTrigger(grey(8), stripes(0)));
  expect(rowOf(applyTrigger(grey(20), stripes(0))).slice(0, 8)).toEqual(small);
  // Turned by half a turn, stripes count below 0; a larger picture only adds some.
  const turned = rowOf(applyTrigger(grey(8), stripes(180)));
  expect(rowOf(applyTrigger(grey(20), stripes(180))).slice(0, 8)).toEqual(turned);
});

test('Blended-Triangles: the lower left half of each square of 14 pixels is 0.4 of white, the rest 0.8, at 0.15', () => {
  const out = applyTrigger(grey(224), preset('triangles', 'blended-triangles'));
  // 0.85 x 128 + 0.15 x 102 = 124.1, and 0.85 x 128 + 0.15 x 204 = 139.4; cut to bytes.
  for (let y = 0; y < 28; y++) {
    for (let x = 0; x < 28; x++) {
      const value = y % 14 >= x % 14 ? 124 : 139;
      expect(pixel(out, x, y)).toEqual([value, value, value]);
    }
  }
});

test('Blended-Text is red at one half', () => {
  expect(preset('text', 'watermark')).toMatchObject({
    text: 'Watermarked',
    colour: [255, 0, 0],
    alpha: 0.5,
  });
});

test('FTrojan at 32 pixels is what the authors add on CIFAR-10', () => {
  expect(listPresets('frequency', 32)[0].trigger).toMatchObject({
    blockSize: 32,
    magnitude: 30,
    channels: 'chroma',
    coefficients: [
      { row: 15, column: 15 },
      { row: 31, column: 31 },
    ],
  });
});
