import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ColourTrigger } from '#contract/triggers/colour.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { applyTrigger } from '#core/triggers/trigger-registry.ts';
import { anyPicture } from '../../pixels/pictures.ts';
import { anyTrigger } from '../any-trigger.ts';
import { applyColourSlowly } from '../slow-colour.ts';

test('any change in any space gives the bytes of its formulas', () => {
  fc.assert(
    fc.property(anyPicture(24), anyTrigger('colour'), (picture, trigger) => {
      expect(applyTrigger(picture, trigger)).toEqual(applyColourSlowly(picture, trigger as ColourTrigger));
    }),
    { numRuns: 400 },
  );
});

describe.each(['rgb', 'hsv', 'ycbcr', 'lab'] as const)('%s', (space) => {
  /** Every third byte of each channel: 86 x 86 x 86 colours. */
  const cube = (): Picture => {
    const steps = 86;
    const data = new Uint8Array(steps ** 3 * 3);
    for (let at = 0; at < steps ** 3; at++) {
      data.set(
        [at % steps, Math.floor(at / steps) % steps, Math.floor(at / steps ** 2)].map((v) => v * 3),
        at * 3,
      );
    }
    return { width: steps ** 2, height: steps, data };
  };

  test('no shift gives every colour of a fine grid back', () => {
    const picture = cube();
    const still: ColourTrigger = { kind: 'colour', space, change: { kind: 'shift', amounts: [0, 0, 0] } };
    expect(Buffer.compare(applyTrigger(picture, still).data, picture.data)).toBe(0);
  });

  test('a shift of a fine grid gives the bytes of its formulas', () => {
    const picture = cube();
    const shift: ColourTrigger = {
      kind: 'colour',
      space,
      change: { kind: 'shift', amounts: [0.013, -0.029, 0.071] },
    };
    expect(Buffer.compare(applyTrigger(picture, shift).data, applyColourSlowly(picture, shift).data)).toBe(0);
  });
});
