import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layOutEpoch, locateStep, orderEpoch } from '#main/engine/training/feeding/epoch-order.ts';

test('an order is a permutation that depends on seed and epoch alone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(1000), fc.nat(50), (records, seed, epoch) => {
      const order = orderEpoch(records, seed, epoch);
      expect(orderEpoch(records, seed, epoch)).toEqual(order);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: records }, (_, index) => index));
    }),
  );
  expect(orderEpoch(100, 0, 0)).not.toEqual(orderEpoch(100, 0, 1));
  expect(orderEpoch(100, 0, 0)).not.toEqual(orderEpoch(100, 1, 0));
});

test('steps are counted over all epochs', () => {
  expect(locateStep(0, 45)).toEqual({ epoch: 0, batch: 0 });
  expect(locateStep(44, 45)).toEqual({ epoch: 0, batch: 44 });
  expect(locateStep(45, 45)).toEqual({ epoch: 1, batch: 0 });
});

describe('stages', () => {
  const inputs = { records: 12, batchSize: 3, seed: 5, epoch: 2 };

  test('one over all records visits them in the order of the epoch', () => {
    const { find } = layOutEpoch([{ phase: 'pairs', steps: 4, rows: null }], inputs);
    const visited = [0, 1, 2, 3].flatMap((batch) => Array.from(find(batch).rows));
    expect(visited).toEqual(Array.from(orderEpoch(12, 5, 2)));
    expect(() => find(4)).toThrow('has no batch 4');
  });

  test('chosen records are all visited once in each pass, and again where more steps are needed', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 3, maxLength: 20 }),
        fc.integer({ min: 1, max: 12 }),
        (chosen, steps) => {
          const stages = [
            { phase: 'risky', steps: 1, rows: Int32Array.from([100, 101, 102]) },
            { phase: 'safe', steps, rows: Int32Array.from(chosen) },
          ];
          const { find } = layOutEpoch(stages, inputs);
          expect(find(0)).toMatchObject({ phase: 'risky' });
          const batches = Array.from({ length: steps }, (_, at) => find(1 + at));
          expect(batches.every(({ phase, rows }) => phase === 'safe' && rows.length === 3)).toBe(true);
          const perPass = Math.floor(chosen.length / 3);
          for (let from = 0; from < steps; from += perPass) {
            const pass = batches.slice(from, from + perPass).flatMap(({ rows }) => Array.from(rows));
            expect(new Set(pass).size).toBe(pass.length);
            expect(pass.every((row) => chosen.includes(row))).toBe(true);
          }
        },
      ),
    );
  });

  test('fewer chosen records than a batch are refused', () => {
    const stages = [{ phase: 'safe', steps: 1, rows: Int32Array.from([1, 2]) }];
    expect(() => layOutEpoch(stages, inputs)).toThrow('do not fill one batch of 3');
  });
});
