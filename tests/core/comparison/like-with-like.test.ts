import { describe, expect, test } from 'vitest';
import {
  baselinesOf,
  type Comparable,
  commonBaseline,
  measuredUnder,
  repairedZone,
} from '#core/comparison/like-with-like.ts';
import { wilson } from '#core/statistics/wilson.ts';

const evaluation = (
  variant: string | null,
  asrHits = 90,
  pictures = 200,
): NonNullable<Comparable['evaluation']> => ({
  datasetId: 'ds',
  dataset: 'pairs',
  testSplit: 'test',
  variantId: variant,
  variant,
  part: 0,
  ca: wilson(120, pictures),
  asr: variant === null ? null : wilson(asrHits, 100),
});
const model = (id: string, parentId: string | null, measured: Comparable['evaluation']): Comparable => ({
  id,
  name: id,
  parentId,
  evaluation: measured,
});

const poisonedA = model('poisoned-a', null, evaluation('a'));
const poisonedB = model('poisoned-b', null, evaluation('b'));
const repairA = model('repair-a', 'poisoned-a', evaluation('a', 5));
const repairB = model('repair-b', 'poisoned-b', evaluation('b', 5));

describe('the baseline of a repair', () => {
  test('is the model that it started from', () => {
    const baselines = baselinesOf([poisonedA, poisonedB, repairA, repairB], null);
    expect([...baselines].map(([id, { of }]) => [id, of?.id ?? null])).toEqual([
      ['poisoned-a', null],
      ['poisoned-b', null],
      ['repair-a', 'poisoned-a'],
      ['repair-b', 'poisoned-b'],
    ]);
  });

  test('is never one without a measurement: the one before it stands', () => {
    const paused = model('paused', 'poisoned-a', null);
    const again = model('again', 'paused', evaluation('a', 3));
    expect(baselinesOf([poisonedA, paused, again], null).get('again')?.of?.id).toBe('poisoned-a');
    expect(baselinesOf([paused, again], null).get('again')).toEqual({ of: null, why: null });
    expect(baselinesOf([paused, again], paused).get('again')).toEqual({
      of: null,
      why: 'paused is not measured.',
    });
  });

  test('is not pinned across attacks or pictures, and it says why', () => {
    const baselines = baselinesOf([poisonedA, repairA, repairB], poisonedA);
    expect(baselines.get('repair-a')?.of?.id).toBe('poisoned-a');
    expect(baselines.get('repair-b')?.of).toBeNull();
    expect(baselines.get('repair-b')?.why).toContain("attack 1 of 'a'");
    const fewer = model('fewer', 'poisoned-a', evaluation('a', 5, 100));
    expect(baselinesOf([poisonedA, fewer], null).get('fewer')?.of).toBeNull();
  });

  test('a model that came from itself has none, and ends', () => {
    const circle = model('circle', 'circle', evaluation('a'));
    expect(baselinesOf([circle], null).get('circle')?.of).toBeNull();
  });
});

test('measurements are alike where pictures and attack are', () => {
  expect(measuredUnder(evaluation('a', 1))).toBe(measuredUnder(evaluation('a', 99)));
  expect(measuredUnder(evaluation('a'))).not.toBe(measuredUnder(evaluation('b')));
  expect(measuredUnder(evaluation('a'))).not.toBe(measuredUnder({ ...evaluation('a'), part: 1 }));
  expect(measuredUnder(evaluation('a'))).not.toBe(measuredUnder({ ...evaluation('a'), testSplit: 'train' }));
});

describe('the zone of what is repaired', () => {
  test('ends at the lower end of the baseline’s interval: 120 of 200 by Wilson is 53.1 to 66.5 %', () => {
    const { zone } = repairedZone([poisonedA, repairA], poisonedA);
    expect(zone?.ca).toBeCloseTo(0.5308, 4);
    expect(zone?.rule).toBe('repaired: ASR ≤ 10 %, CA ≥ 53.1 % (lower end of poisoned-a’s interval)');
  });

  test('is not drawn over several attacks, nor without a baseline', () => {
    expect(repairedZone([poisonedA, repairB], poisonedA)).toEqual({
      zone: null,
      why: 'no zone: measured under 2 different attacks or on different pictures',
    });
    expect(repairedZone([poisonedA], null).zone).toBeNull();
  });

  test('one common baseline where all are compared with the same', () => {
    expect(commonBaseline(baselinesOf([poisonedA, repairA], null))?.id).toBe('poisoned-a');
    expect(commonBaseline(baselinesOf([poisonedA, poisonedB, repairA, repairB], null))).toBeNull();
  });
});
