import { expect, test } from 'vitest';
import type { EvaluationView } from '#contract/api/models.ts';
import { wilson } from '#core/statistics/wilson.ts';
import { noteDifferences } from '#main/workbench/comparisons/comparable.ts';

function evaluation(change: Partial<EvaluationView> = {}): EvaluationView {
  return {
    id: 'ev',
    modelId: 'mod',
    model: 'm',
    runId: 'run',
    datasetId: 'ds',
    dataset: 'pictures',
    variantId: 'va',
    variant: 'poison',
    part: 0,
    attacks: 1,
    testSplit: 'test',
    trainingPictures: false,
    targetIsClass: true,
    trigger: 'patch',
    trainedOn: true,
    prompts: ['{}'],
    unseenTokens: [],
    vocabulary: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    seconds: 1,
    classes: ['a', 'b'],
    target: 'a',
    ca: wilson(50, 100),
    top5: wilson(100, 100),
    asr: wilson(40, 50),
    cleanAsTarget: wilson(1, 50),
    implanted: true,
    metrics: {},
    perClass: [],
    ...change,
  };
}

test('alike evaluations have no notes, nor have runs that are not measured', () => {
  expect(noteDifferences([null, evaluation(), evaluation()])).toEqual([[], [], []]);
});

test('each difference to the first measured one is a sentence', () => {
  const notes = noteDifferences([
    null,
    evaluation(),
    evaluation({ datasetId: 'other', dataset: 'others' }),
    evaluation({ ca: wilson(50, 99), asr: wilson(40, 49) }),
    evaluation({ variantId: 'vb', variant: 'second' }),
    evaluation({ part: 1, attacks: 2 }),
    evaluation({ asr: null }),
    evaluation({ trainedOn: false }),
  ]);
  expect(notes).toEqual([
    [],
    [],
    ["Measured on other pictures: those of 'others', not of 'pictures'."],
    ['Measured on 99 clean pictures, not 100.', 'ASR measured on 49 pictures, not 50.'],
    ["Attacked with 'second', not with 'poison'."],
    ["Attacked with attack 2 of 'poison', not with 'poison'."],
    ['ASR measured on 0 pictures, not 50.'],
    ["Never trained on 'poison': its ASR is that of a model without this backdoor."],
  ]);
});

test('a clean evaluation is put beside an attacked one by its pictures alone', () => {
  const clean = evaluation({ variantId: null, variant: null, asr: null, trainedOn: null });
  expect(noteDifferences([clean, evaluation()])).toEqual([[], []]);
});
