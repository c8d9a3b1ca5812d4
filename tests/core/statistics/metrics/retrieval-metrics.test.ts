import { expect, test } from 'vitest';
import { measureRetrieval } from '#core/statistics/metrics/retrieval-metrics.ts';
import { wilson } from '#core/statistics/wilson.ts';

/** Unit vectors at these degrees. */
const at = (...degrees: number[]) =>
  Float32Array.from(
    degrees.flatMap((angle) => [Math.cos((angle / 180) * Math.PI), Math.sin((angle / 180) * Math.PI)]),
  );

test('counted by hand on a circle: the second picture is nearer to the first caption than to its own', () => {
  const rows = { images: at(0, 20, 90), texts: at(10, 50, 95), dim: 2 };
  const found = measureRetrieval(rows, null);
  // Picture 2 at 20 has the captions at 10, 50: its own is second. Caption 2 at 50: picture 2 is 30 away, picture 3 40.
  expect(found.imageToText1).toEqual(wilson(2, 3));
  expect(found.imageToText5).toEqual(wilson(3, 3));
  // Caption 1 at 10 is as far from picture 1 as from picture 2: its own counts as nearer.
  expect(found.textToImage1?.count).toBe(3);
  expect(found.attackedRetrieval).toBeUndefined();
});

test('a triggered picture is found where fewer than ten clean ones are nearer to the question', () => {
  // Twelve clean pictures at 1 to 12 degrees; the question is at 0.
  const clean = at(...Array.from({ length: 12 }, (_, place) => place + 1));
  const rows = { images: clean, texts: clean, dim: 2 };
  const ask = (triggered: Float32Array) =>
    measureRetrieval(rows, { triggered, questions: at(0) }).attackedRetrieval;
  expect(ask(at(9.5))).toEqual(wilson(1, 1));
  expect(ask(at(10.5))).toEqual(wilson(0, 1));
  expect(ask(at(0.5, 30))).toEqual(wilson(1, 2));
});

test('without questions or triggered pictures nothing of the attack is measured', () => {
  const rows = { images: at(0, 1), texts: at(0, 1), dim: 2 };
  expect(measureRetrieval(rows, { triggered: at(), questions: at(0) })).not.toHaveProperty(
    'attackedRetrieval',
  );
  expect(measureRetrieval(rows, { triggered: at(0), questions: at() })).not.toHaveProperty(
    'attackedRetrieval',
  );
});
