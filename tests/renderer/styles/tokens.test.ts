import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../../renderer/styles/tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--color-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name, light, dark]) => [name ?? '', { light: light ?? '', dark: dark ?? '' }],
  ),
);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours in [1, 21], WCAG 2.2. */
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function hex(name: string, theme: 'light' | 'dark'): string {
  const found = tokens.get(name);
  if (found === undefined) throw new Error(`tokens.css has no colour ${name} for both themes`);
  return found[theme];
}

const surfaces = ['bg', 'panel', 'sunk', 'raised', 'hover'];
const inks = [
  'text',
  'muted',
  'accent',
  'clean-ink',
  'poison-ink',
  'repair-ink',
  'control-ink',
  'danger-ink',
];
const shapes = ['accent', 'clean', 'poison', 'repair', 'control', 'danger', 'line-strong'];

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  test('black on white is 21, as a check of the calculation', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
  test.each(inks.flatMap((ink) => surfaces.map((surface) => [ink, surface] as const)))(
    'text of %s on %s has at least 4.5',
    (ink, surface) => expect(contrast(hex(ink, theme), hex(surface, theme))).toBeGreaterThanOrEqual(4.5),
  );
  test.each(shapes.flatMap((shape) => ['bg', 'panel'].map((surface) => [shape, surface] as const)))(
    'a shape of %s on %s has at least 3',
    (shape, surface) => expect(contrast(hex(shape, theme), hex(surface, theme))).toBeGreaterThanOrEqual(3),
  );
  test.each([
    ['on-accent', 'accent'],
    ['on-accent', 'accent-strong'],
    ['on-danger', 'danger'],
    ['accent', 'accent-soft'],
    ['muted', 'accent-soft'],
    ['text', 'accent-soft'],
    ['danger-ink', 'danger-soft'],
    ['text', 'danger-soft'],
    ['muted', 'danger-soft'],
    ['warn-ink', 'warn-soft'],
    ['warn-ink', 'panel'],
  ])('text of %s on %s has at least 4.5', (ink, surface) => {
    expect(contrast(hex(ink, theme), hex(surface, theme))).toBeGreaterThanOrEqual(4.5);
  });
});
