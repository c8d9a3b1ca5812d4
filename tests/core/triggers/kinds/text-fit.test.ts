import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TextTrigger } from '#contract/triggers/structured.ts';
import { fitText, textWidth } from '#core/triggers/kinds/text-fit.ts';

const text = (words: string, size: number): TextTrigger => ({
  kind: 'text',
  text: words,
  font: 'plain',
  size,
  colour: [255, 0, 0],
  place: { kind: 'centre' },
  alpha: 0.5,
});

test('a text of eleven letters is 65 px wide at 7 px: five of them fit in 32 px', () => {
  // Five columns a letter and one between: 11 * 6 - 1 = 65; 5 * 6 - 1 = 29, and 6 * 6 - 1 = 35 is too wide.
  expect(fitText(text('Watermarked', 7), 32)).toEqual({ width: 65, fitted: null, mostLetters: 5 });
});

test('a text that is too large becomes as large as fits', () => {
  // At 22 px it is 65 * 22 / 7 = 204 px wide; at 24 px 223, at 25 px 232.
  expect(fitText(text('Watermarked', 22), 224)).toBeNull();
  expect(fitText(text('Watermarked', 40), 224)?.fitted?.size).toBe(24);
});

test('what is fitted fits, and one px more would not, unless it had that size', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 7, max: 300 }),
      fc.integer({ min: 16, max: 512 }),
      (letters, size, resolution) => {
        const trigger = text('x'.repeat(letters), size);
        const fit = fitText(trigger, resolution);
        if (fit === null) return textWidth(trigger) <= resolution;
        if (fit.fitted === null) return textWidth({ ...trigger, size: 7 }) > resolution;
        const larger = { ...fit.fitted, size: fit.fitted.size + 1 };
        return (
          textWidth(fit.fitted) <= resolution && (textWidth(larger) > resolution || larger.size > resolution)
        );
      },
    ),
  );
});
