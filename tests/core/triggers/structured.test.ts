import { describe, expect, test } from 'vitest';
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

test('Blended-Stripes: 0.97 of the picture plus or minus 0.03 of white, in upright stripes of one pixel', () => {
  const out = applyTrigger(grey(224), preset('stripes', 'blended-stripes'));
  // 0.97 x 128 = 124.16, plus or minus 0.03 x 255 = 7.65; cut to bytes.
  const row = Array.from({ length: 224 }, (_, x) => pixel(out, x, 0)).flat();
  expect(new Set(row)).toEqual(new Set([116, 131]));
  for (const y of [1, 100, 223])
    expect(Array.from({ length: 224 }, (_, x) => pixel(out, x, y)).flat()).toEqual(row);
  // Black cannot become darker, nor white lighter.
  const black = applyTrigger(
    { width: 4, height: 1, data: new Uint8Array(12) },
    preset('stripes', 'blended-stripes'),
  );
  expect(new Set(black.data)).toEqual(new Set([0, 7]));
});

describe("Blended-Text lies where PAR's does at 224 pixels", () => {
  const out = applyTrigger(grey(224), preset('text', 'watermark'));
  const inked = Array.from({ length: 224 * 224 }, (_, at) => at).filter(
    (at) => String(pixel(out, at % 224, Math.floor(at / 224))) !== '128,128,128',
  );

  test('within columns 13 to 210 and rows 103 to 125, about their middle', () => {
    const columns = inked.map((at) => at % 224);
    const rows = inked.map((at) => Math.floor(at / 224));
    expect(Math.min(...columns)).toBeGreaterThanOrEqual(13);
    expect(Math.max(...columns)).toBeLessThanOrEqual(210);
    expect(Math.min(...rows)).toBeGreaterThanOrEqual(103);
    expect(Math.max(...rows)).toBeLessThanOrEqual(125);
    // Row 114 is 2 below the middle.
    expect((Math.min(...rows) + Math.max(...rows)) / 2).toBe(114);
  });

  test('in letters that advance by 18: each of the two e looks the same', () => {
    // W-a-t-e-r-m-a-r-k-e-d: the fourth and the tenth.
    const letter = (place: number) => {
      const left = 13 + place * 18;
      return inked.flatMap((at) => {
        const column = (at % 224) - left;
        return column >= 0 && column < 18 ? [`${column}/${Math.floor(at / 224)}`] : [];
      });
    };
    expect(letter(3).length).toBeGreaterThan(0);
    expect(letter(9)).toEqual(letter(3));
    expect(letter(1)).not.toEqual(letter(3));
  });

  test('red at one half where there is ink', () => {
    for (const at of inked) {
      // 0.5 x 128 + 0.5 x 255 = 191.5, and 64; cut to bytes.
      expect(pixel(out, at % 224, Math.floor(at / 224))).toEqual([191, 64, 64]);
    }
  });

  test('is named ours where the letters would be smaller than the font', () => {
    expect(listPresets('text', 32).map(({ name }) => name)).toEqual(['ours-watermark']);
  });
});

describe('SIG is whose it is', () => {
  // Column 10 of 224 at frequency 6: sin(2 pi 6 x 10 / 224) = 0.99372.
  test.each([
    // 0.8 x 128 + 0.2 x 60 x 0.99372 = 114.32
    ['cleanclip', 114],
    // 128 + 60 x 0.99372 = 187.62
    ['badclip', 187],
    // 128 + 40 x 0.99372 = 167.75
    ['backdoorbench', 167],
  ])('%s', (name, value) => {
    const out = applyTrigger(grey(224), preset('sinusoid', name));
    for (const y of [0, 77]) expect(pixel(out, 10, y)).toEqual([value, value, value]);
  });

  test('there is no other', () => {
    expect(listPresets('sinusoid', 224).map(({ name }) => name)).toEqual([
      'cleanclip',
      'badclip',
      'backdoorbench',
    ]);
  });
});

test("Detect-CLIP's patch is white where row and column are even", () => {
  const patch = preset('patch', 'detect-clip');
  if (patch.kind !== 'patch') throw new Error('no patch');
  expect(patch).toMatchObject({ size: 16, place: { kind: 'random' } });
  const out = applyTrigger(grey(224), { ...patch, place: { kind: 'at', x: 40, y: 50 } });
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < 16; x++) {
      const value = y % 2 === 0 && x % 2 === 0 ? 255 : 0;
      expect(pixel(out, 40 + x, 50 + y)).toEqual([value, value, value]);
    }
  }
});

describe('Color Backdoor as the public re-implementation has it', () => {
  const one = (...colour: number[]): Picture => ({ width: 1, height: 1, data: Uint8Array.from(colour) });
  const change = (...colour: number[]) => [
    ...applyTrigger(one(...colour), preset('colour', 'hsv-reimplementation')).data,
  ];

  test('hue, saturation and value grow by 0.131, 0.109 and 0.121', () => {
    // HSV (0, 0.5, 0.4) becomes (0.131, 0.609, 0.521): v = 132.855, p = v (1 - s) = 51.946, and in the first sixth
    // green = v (1 - s (1 - 0.786)) = 115.54.
    expect(change(102, 51, 51)).toEqual([133, 116, 52]);
  });

  test('a hue beyond its end is cut off, not taken round', () => {
    // HSV (0.9, 1, 1): hue 1.031 is cut to 1, which is red; going round it would be 0.031, with some green.
    expect(change(255, 0, 153)).toEqual([255, 0, 0]);
  });
});

test('FTrojan above 64 pixels is named ours', () => {
  expect([32, 64, 65, 224].map((side) => listPresets('frequency', side)[0].name)).toEqual([
    'ftrojan',
    'ftrojan',
    'ours-ftrojan',
    'ours-ftrojan',
  ]);
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
