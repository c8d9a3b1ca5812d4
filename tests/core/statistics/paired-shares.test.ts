import { expect, test } from 'vitest';
import { type AnsweredPictures, comparePaired } from '#core/statistics/paired-shares.ts';

const classes = ['fruit', 'dog', 'cat'];
/** Label, clean and triggered first answer, for each picture. */
const answered = (
  rows: readonly [string, number, number | null][],
  target: string | null = 'fruit',
): AnsweredPictures => ({
  classes,
  target,
  pictures: rows.map(([label, clean, triggered], recordId) => ({
    recordId,
    label,
    clean: [clean, 0],
    triggered: triggered === null ? null : [triggered],
  })),
});

test('each share is compared on the pictures that it counts', () => {
  const poisoned = answered([
    ['fruit', 0, 0],
    ['dog', 1, 0],
    ['dog', 2, 0],
    ['cat', 2, 0],
  ]);
  const repaired = answered([
    ['fruit', 1, 1],
    ['dog', 1, 1],
    ['dog', 1, 0],
    ['cat', 0, 2],
  ]);
  const found = comparePaired(repaired, poisoned);
  // CA: 2 of 4 against 3 of 4. ASR: 1 of 3 against 3 of 3. Own label with the trigger: 2 of 3 against none.
  expect(found.ca).toMatchObject({ value: -0.25, count: 4 });
  expect(found.asr!.value).toBeCloseTo(-2 / 3, 12);
  expect(found.asr!.count).toBe(3);
  expect(found.poisonedAccuracy!.value).toBeCloseTo(2 / 3, 12);
  // The target without the trigger: the cat alone, 1 of 3 against none.
  expect(found.targetWithoutTrigger!.value).toBeCloseTo(1 / 3, 12);
});

test('the target among the first five counts where it is not the first', () => {
  const ranked = (triggered: number[][]): AnsweredPictures => ({
    classes,
    target: 'fruit',
    pictures: triggered.map((ranking, recordId) => ({
      recordId,
      label: 'dog',
      clean: [1],
      triggered: ranking,
    })),
  });
  const found = comparePaired(
    ranked([
      [1, 0],
      [1, 2],
    ]),
    ranked([
      [0, 1],
      [2, 1],
    ]),
  );
  // The target is among the answers to the first picture of both models: no change, though ASR falls from 1 of 2 to none.
  expect([found.attackTop5?.value, found.asr?.value]).toEqual([0, -0.5]);
});

test('what was not measured alike is not compared', () => {
  const one = answered([
    ['dog', 1, 0],
    ['cat', 2, 0],
  ]);
  expect(comparePaired(one, answered([['dog', 1, 0]])).ca).toBeNull();
  const other = comparePaired(
    one,
    answered(
      [
        ['dog', 1, 2],
        ['cat', 2, 2],
      ],
      'cat',
    ),
  );
  expect([other.ca?.value, other.asr]).toEqual([0, null]);
  const clean = comparePaired(
    one,
    answered(
      [
        ['dog', 2, null],
        ['cat', 2, null],
      ],
      null,
    ),
  );
  expect([clean.ca?.value, clean.asr, clean.poisonedAccuracy]).toEqual([0.5, null, null]);
});
