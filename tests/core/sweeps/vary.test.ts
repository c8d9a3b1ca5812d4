import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choicesSchema } from '#contract/sweep.ts';
import { listChoices, listCombinations } from '#core/sweeps/vary.ts';

const choices = (value: unknown) => choicesSchema.parse(value);

test('a grid of two settings, the last one fastest', () => {
  const vary = { lambda: choices([1, 4]), seed: choices([0, 1, 2]) };
  expect(listCombinations(vary, { kind: 'grid' })).toEqual([
    { lambda: 1, seed: 0 },
    { lambda: 1, seed: 1 },
    { lambda: 1, seed: 2 },
    { lambda: 4, seed: 0 },
    { lambda: 4, seed: 1 },
    { lambda: 4, seed: 2 },
  ]);
});

test('nothing varied is one combination', () => {
  expect(listCombinations({}, { kind: 'grid' })).toEqual([{}]);
});

describe('choices', () => {
  test.each([
    [{ from: 0.1, to: 0.5, step: 0.2 }, [0.1, 0.3, 0.5]],
    [{ from: 0, to: 1, step: 0.4 }, [0, 0.4, 0.8]],
    [{ from: 0, to: 1, count: 3 }, [0, 0.5, 1]],
    [{ from: 1e-5, to: 1e-3, count: 3, scale: 'log' }, [1e-5, 1e-4, 1e-3]],
    [{ from: 1, to: 10, count: 4, integer: true }, [1, 4, 7, 10]],
    [{ from: 5, to: 5, count: 1 }, [5]],
    [
      ['a', true],
      ['a', true],
    ],
  ])('%j', (given, expected) => {
    expect(listChoices('x', choices(given))).toEqual(expected);
  });

  test.each([
    [[], /the list is empty/],
    [{ from: 1, to: 0, step: 1 }, /ends at 0, before it begins at 1/],
    [{ from: 0, to: 1, count: 2, scale: 'log' }, /begins above 0/],
    [{ from: 0, to: 1 }, /needs a step or a count/],
    [{ from: 0, to: 1, step: 1e-9 }, /more than 10000 values/],
    [{ from: 0.5, to: 1, count: 2, integer: true }, /whole numbers/],
  ])('%j is refused', (given, message) => {
    expect(() => listChoices('x', choices(given))).toThrow(message);
  });
});

test('more combinations than anybody wants are refused', () => {
  const many = choices({ from: 1, to: 200, step: 1 });
  expect(() => listCombinations({ a: many, b: many }, { kind: 'grid' })).toThrow(/40000 combinations/);
});

test('a random sample: as many as wanted, each inside its range, the same for the same seed, none twice', () => {
  const vary = {
    lambda: choices({ from: 0.5, to: 8 }),
    rate: choices({ from: 1e-5, to: 1e-3, scale: 'log' }),
    epochs: choices({ from: 1, to: 20, integer: true }),
    method: choices(['mmcl', 'cleanclip']),
  };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (samples, seed) => {
      const drawn = listCombinations(vary, { kind: 'random', samples, seed });
      expect(drawn).toHaveLength(samples);
      expect(new Set(drawn.map((one) => JSON.stringify(one))).size).toBe(samples);
      for (const { lambda, rate, epochs, method } of drawn) {
        expect(lambda).toBeGreaterThanOrEqual(0.5);
        expect(lambda).toBeLessThan(8);
        expect(rate).toBeGreaterThanOrEqual(1e-5);
        expect(rate).toBeLessThan(1e-3);
        expect(Number.isInteger(epochs)).toBe(true);
        expect(['mmcl', 'cleanclip']).toContain(method);
      }
      expect(listCombinations(vary, { kind: 'random', samples, seed })).toEqual(drawn);
    }),
    { numRuns: 30 },
  );
});

test('a sample larger than what there is ends with all there is', () => {
  const drawn = listCombinations({ a: choices([1, 2, 3]) }, { kind: 'random', samples: 10, seed: 1 });
  expect(drawn.map(({ a }) => a).sort()).toEqual([1, 2, 3]);
});
