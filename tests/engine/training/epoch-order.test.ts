import fc from 'fast-check';
import { expect, test } from 'vitest';
import { locateStep, orderEpoch } from '#main/engine/training/epoch-order.ts';

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
