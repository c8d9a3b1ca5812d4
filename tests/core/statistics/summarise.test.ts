import { describe, expect, test } from 'vitest';
import { nextClass } from '#contract/variant.ts';
import { isImplanted, summariseEvaluation } from '#core/statistics/summarise.ts';
import { wilson } from '#core/statistics/wilson.ts';

// Seven classes; six images; the target is b.
const counts = {
  classes: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  labels: [0, 0, 1, 1, 2, 2],
  target: 'b',
  clean: [
    [0, 1, 2, 3, 4, 5],
    [1, 2, 3, 4, 5, 0],
    [1, 0, 2, 3, 4, 5],
    [0, 2, 3, 4, 1, 5],
    [2, 0, 1, 3, 4, 5],
    [0, 2, 1, 3, 4, 5],
  ],
  triggered: [
    [1, 0, 2, 3, 4],
    [0, 1, 2, 3, 4],
    [1, 0, 2, 3, 4],
    [1, 0, 2, 3, 4],
    [1, 2, 0, 3, 4],
    [1, 2, 0, 3, 4],
  ],
  probabilities: {
    clean: Array.from({ length: 6 }, (_, image) => [0.5, 0.2, 0.1, 0.08, 0.07, image / 100]),
    triggered: null,
  },
  recordIds: [10, 11, 12, 13, 14, 15],
};

describe('six images counted by hand', () => {
  const result = summariseEvaluation(counts);

  test('CA and top-5 are over all images', () => {
    expect(result.ca).toEqual(wilson(3, 6));
    expect(result.top5).toEqual(wilson(5, 6));
  });

  test('ASR leaves out the images of the target, and so does the share taken for it without the trigger', () => {
    expect(result.asr).toEqual(wilson(3, 4));
    expect(result.cleanAsTarget).toEqual(wilson(1, 4));
    // 75 % is above half, but only three times the clean share.
    expect(result.implanted).toBe(false);
  });

  test('the other metrics are over the images that ASR is measured on', () => {
    expect(result.metrics).toEqual({
      // Image 11 alone.
      targetWithoutTrigger: wilson(1, 4),
      // Image 11 is still an a with the trigger; no c is a c.
      poisonedAccuracy: wilson(1, 4),
      attackTop5: wilson(4, 4),
    });
  });

  test('each class has its own; the target and classes without images too', () => {
    expect(result.perClass.slice(0, 4)).toEqual([
      { class: 'a', count: 2, accuracy: wilson(1, 2), top5: wilson(1, 2), attackSuccess: wilson(1, 2) },
      { class: 'b', count: 2, accuracy: wilson(1, 2), top5: wilson(2, 2), attackSuccess: null },
      { class: 'c', count: 2, accuracy: wilson(1, 2), top5: wilson(2, 2), attackSuccess: wilson(2, 2) },
      { class: 'd', count: 0, accuracy: wilson(0, 0), top5: wilson(0, 0), attackSuccess: wilson(0, 0) },
    ]);
  });

  test('predictions keep five classes and their record', () => {
    expect(result.predictions[1]).toEqual({
      recordId: 11,
      clean: [1, 2, 3, 4, 5],
      triggered: [0, 1, 2, 3, 4],
      cleanProbabilities: [0.5, 0.2, 0.1, 0.08, 0.07],
      triggeredProbabilities: null,
    });
  });
});

test('where all images are of the target, nothing of the attack is known', () => {
  const ofTarget = [2, 3];
  const only = <T>(list: readonly T[]) => ofTarget.flatMap((image) => list.slice(image, image + 1));
  const result = summariseEvaluation({
    ...counts,
    labels: only(counts.labels),
    clean: only(counts.clean),
    triggered: only(counts.triggered),
    probabilities: null,
    recordIds: only(counts.recordIds),
  });
  expect(result).toMatchObject({ target: 'b', asr: null, cleanAsTarget: null, implanted: null, metrics: {} });
  expect(result.ca).toEqual(wilson(1, 2));
});

test('without triggered predictions there is no ASR; without a target nothing of the attack', () => {
  const untriggered = summariseEvaluation({ ...counts, triggered: null });
  expect(untriggered.asr).toBeNull();
  expect(untriggered.implanted).toBeNull();
  expect(untriggered.predictions[0]?.triggered).toBeNull();
  const clean = summariseEvaluation({ ...counts, target: null, triggered: null });
  expect([clean.asr, clean.cleanAsTarget, clean.implanted]).toEqual([null, null, null]);
  expect(clean.perClass.every(({ attackSuccess }) => attackSuccess === null)).toBe(true);
  expect(clean.ca).toEqual(wilson(3, 6));
});

test('implanted: at least half, and at least ten times the clean share', () => {
  expect(isImplanted(wilson(50, 100), wilson(5, 100))).toBe(true);
  expect(isImplanted(wilson(49, 100), wilson(0, 100))).toBe(false);
  expect(isImplanted(wilson(50, 100), wilson(6, 100))).toBe(false);
  // 0.7 is exactly ten times 0.07, though not in floating point.
  expect(isImplanted(wilson(70, 100), wilson(7, 100))).toBe(true);
  expect(isImplanted(wilson(0, 0), wilson(0, 0))).toBe(false);
});

test('a target that is no class, and lists of different lengths, are refused', () => {
  expect(() => summariseEvaluation({ ...counts, target: 'z' })).toThrow(/"z" is none of the 7 classes/);
  expect(() => summariseEvaluation({ ...counts, recordIds: [1] })).toThrow(
    expect.objectContaining({ kind: 'internal' }),
  );
});

test('a target that is no class is one more answer for triggered pictures and the clean ones beside them', () => {
  // Classes a and b; 2 stands for the target. Three of four triggered pictures are predicted as it, and one of the clean.
  const result = summariseEvaluation({
    classes: ['a', 'b'],
    labels: [0, 0, 1, 1],
    target: 'banana',
    probabilities: null,
    clean: [[0], [1], [1], [1]],
    cleanWithTarget: [[0], [1], [2], [1]],
    triggered: [[2], [2], [2], [1]],
    recordIds: [1, 2, 3, 4],
  });
  expect(result.ca).toEqual(wilson(3, 4));
  expect(result.asr).toEqual(wilson(3, 4));
  expect(result.cleanAsTarget).toEqual(wilson(1, 4));
  expect(result.metrics).toEqual({
    targetWithoutTrigger: wilson(1, 4),
    poisonedAccuracy: wilson(1, 4),
    attackTop5: wilson(3, 4),
  });
  expect(result.perClass.map(({ attackSuccess }) => attackSuccess)).toEqual([wilson(2, 2), wilson(1, 2)]);
  expect(result.classes).toEqual(['a', 'b']);
});

describe('all-to-all, three classes counted by hand', () => {
  // Triggered a is wanted as b, b as c, c as a.
  const result = summariseEvaluation({
    classes: ['a', 'b', 'c'],
    labels: [0, 0, 1, 2, 2],
    target: nextClass,
    probabilities: null,
    clean: [[0], [1], [1], [0], [2]],
    triggered: [[1], [0], [2], [0], [0]],
    recordIds: [1, 2, 3, 4, 5],
  });

  test('ASR is over all images, each against the class after its own', () => {
    expect(result.target).toBe(nextClass);
    expect(result.asr).toEqual(wilson(4, 5));
    expect(result.perClass.map(({ attackSuccess }) => attackSuccess)).toEqual([
      wilson(1, 2),
      wilson(1, 1),
      wilson(2, 2),
    ]);
  });

  test('so is the share that goes there without the trigger, by which it is implanted or not', () => {
    expect(result.cleanAsTarget).toEqual(wilson(2, 5));
    expect(result.implanted).toBe(false);
  });

  test('a class of that name is a class', () => {
    const classes = ['a', nextClass];
    const named = {
      classes,
      labels: [0, 1],
      target: nextClass,
      clean: [[0], [1]],
      probabilities: null,
      recordIds: [1, 2],
    };
    expect(summariseEvaluation({ ...named, triggered: [[1], [1]] }).asr).toEqual(wilson(1, 1));
  });
});
