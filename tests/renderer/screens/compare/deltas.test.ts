import { expect, test } from 'vitest';
import { runPresets } from '#contract/presets.ts';
import { type Compared, deltaOf, heatRows, judgeDelta } from '../../../../renderer/screens/compare/deltas.ts';

const share = (hits: number, count: number) => ({ hits, count, value: hits / count, low: 0, high: 1 });

function compared(id: string, ca: number, asr: number | null, attacked: [number, number] | null): Compared {
  const own = share(ca, 10);
  return {
    role: 'poisoned',
    group: id,
    run: {
      id,
      name: id,
      kind: 'train',
      state: 'done',
      step: 1,
      totalSteps: 1,
      config: { ...runPresets.train, architecture: 'demo', seed: 0 },
      datasetId: 'd',
      dataset: 'd',
      variantId: null,
      variant: null,
      parentModelId: null,
      parent: null,
      modelId: 'm',
      environment: null,
      message: null,
      note: '',
      archived: false,
      createdAt: '2026-01-01T00:00:00Z',
      startedAt: null,
      endedAt: null,
      seconds: 1,
      scores: null,
      lossPreview: [],
      queuePlace: null,
    },
    evaluation: {
      id: `e-${id}`,
      modelId: 'm',
      model: id,
      runId: id,
      datasetId: 'd',
      dataset: 'd',
      variantId: null,
      variant: null,
      prompts: ['{}'],
      createdAt: '2026-01-01T00:00:00Z',
      seconds: 1,
      classes: ['fruit', 'dog'],
      target: asr === null ? null : 'fruit',
      ca: own,
      top5: own,
      asr: asr === null ? null : share(asr, 10),
      cleanAsTarget: null,
      implanted: null,
      perClass: [
        { class: 'fruit', count: 5, accuracy: share(5, 5), top5: share(5, 5), attackSuccess: null },
        {
          class: 'dog',
          count: 5,
          accuracy: share(2, 5),
          top5: share(2, 5),
          attackSuccess: attacked === null ? null : share(...attacked),
        },
      ],
    },
  };
}
const before = compared('before', 4, 9, [5, 5]);
const after = compared('after', 6, 1, [1, 5]);
const clean = compared('clean', 7, null, null);

test('a change is the run’s value less the baseline’s, and none where there is nothing to compare', () => {
  expect(deltaOf(after, before, 'ca')).toBeCloseTo(0.2, 12);
  expect(deltaOf(after, before, 'asr')).toBeCloseTo(-0.8, 12);
  expect(deltaOf(before, before, 'ca')).toBeNull();
  expect(deltaOf(clean, before, 'asr')).toBeNull();
  expect(deltaOf({ ...after, evaluation: null }, before, 'ca')).toBeNull();
  expect(deltaOf(after, undefined, 'ca')).toBeNull();
});

test('a change is better or worse only where the intervals do not meet', () => {
  const at = (run: Compared, low: number, high: number): Compared => ({
    ...run,
    evaluation: run.evaluation && {
      ...run.evaluation,
      asr: { ...share(5, 10), value: (low + high) / 2, low, high },
    },
  });
  expect(judgeDelta(at(after, 0.1, 0.2), at(before, 0.3, 0.4), 'asr', false)).toBe('better');
  expect(judgeDelta(at(after, 0.5, 0.6), at(before, 0.3, 0.4), 'asr', false)).toBe('worse');
  expect(judgeDelta(at(after, 0.5, 0.6), at(before, 0.3, 0.4), 'asr', true)).toBe('better');
  expect(judgeDelta(at(after, 0.35, 0.6), at(before, 0.3, 0.4), 'asr', false)).toBe('alike');
  expect(judgeDelta(clean, before, 'asr', false)).toBe('alike');
});

test('the heat map has a row a class and a column a run; the target has no attack success', () => {
  expect(heatRows([before, after, clean], 'asr')).toEqual([
    { class: 'fruit', target: true, values: [null, null, null] },
    { class: 'dog', target: false, values: [1, 0.2, null] },
  ]);
  expect(heatRows([clean], 'ca').map(({ values }) => values)).toEqual([[1], [0.4]]);
});
