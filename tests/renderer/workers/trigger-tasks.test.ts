import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imagenetPolicy } from '#core/augment/policy.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { createRandom } from '#core/random/random.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { orderOf, withOrder } from '../../../renderer/screens/triggers/design.ts';
import { presetsOf, simpleKinds } from '../../../renderer/screens/triggers/form/part-forms.ts';
import { fromCanvasPixels, toCanvasPixels } from '../../../renderer/workers/rgba.ts';
import {
  drawOn,
  measurePicture,
  prepareGround,
  viewAsModel,
} from '../../../renderer/workers/trigger-tasks.ts';

function makePicture(width: number, height: number, seed: number): Picture {
  const random = createRandom('test picture', seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

test('a picture drawn on a ground that was made once equals what training makes of the picture, for each kind', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...simpleKinds),
      fc.integer({ min: 20, max: 60 }),
      fc.integer({ min: 20, max: 60 }),
      fc.constantFrom('before' as const, 'after' as const),
      fc.nat(1000),
      (kind, width, height, order, seed) => {
        const picture = makePicture(width, height, seed);
        for (const { part } of presetsOf(kind, 32)) {
          const attack = { trigger: withOrder(part, order), resolution: 32, seed };
          expect(orderOf(attack.trigger)).toBe(order);
          const drawn = drawOn(prepareGround(picture, attack), attack, 'a key');
          expect(hashPicture(drawn)).toBe(hashPicture(renderTriggered(picture, attack, 'a key')));
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('measures of a picture with itself: nothing differs', () => {
  const picture = makePicture(12, 12, 1);
  const { difference, sha256 } = measurePicture(picture, picture);
  expect(difference).toMatchObject({ l0: 0, l2: 0, lInfinity: 0, psnr: null, changedShare: 0 });
  expect(difference.ssim).toBeCloseTo(1, 12);
  expect(sha256).toBe(hashPicture(picture));
});

test('a model sees squares of its resolution, and each of the 25 sub-policies with its operations named', () => {
  const picture = makePicture(40, 30, 2);
  const views = viewAsModel(picture, picture, 16);
  expect([views.clean.width, views.clean.height]).toEqual([16, 16]);
  expect(views.augmented).toHaveLength(imagenetPolicy.length);
  // The third sub-policy equalises twice; none of its operations has a magnitude.
  expect(views.augmented[2]?.title).toBe('Equalize (80 %), then Equalize (60 %)');
  expect(views.augmented[0]?.title).toMatch(/^Posterize 4 \(40 %\), then Rotate 30 \(60 %\)$/);
  for (const { pixels } of views.augmented) expect(pixels.rgba).toHaveLength(16 * 16 * 4);
});

test('pixels survive the way to a canvas and back', () => {
  const picture = makePicture(7, 5, 3);
  expect(fromCanvasPixels(toCanvasPixels(picture))).toEqual(picture);
});
