import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '#core/random/random.ts';
import { useBackend } from '#main/engine/backend.ts';
import { findNearest, takeNeighbours } from '#main/engine/detectors/neighbours.ts';
import { joinReferences, type References } from '#main/engine/detectors/references.ts';
import { currentTensorflow } from '#main/engine/tensorflow/kernel-backend.ts';

beforeAll(() => useBackend('tensorflow'));

async function findNeighbours(
  references: References,
  wanted: { rows: number; k: number; own: 'apart' | 'counted' },
) {
  return takeNeighbours(await findNearest(references, wanted), wanted);
}

const dim = 3;
const features = fc.integer({ min: 6, max: 30 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    images: rowsOf(count),
    texts: rowsOf(count),
  }),
);

/** Whole numbers: distances are exact, and equal rows occur. */
function rowsOf(count: number) {
  return fc
    .array(fc.integer({ min: -40, max: 40 }), { minLength: count * dim, maxLength: count * dim })
    .map((values) => Float32Array.from(values));
}

function measure(values: Float32Array, a: number, b: number): number {
  return Math.hypot(...[0, 1, 2].map((at) => values[a * dim + at]! - values[b * dim + at]!));
}

describe('the nearest are those of a search through all', () => {
  test.each(['apart', 'counted'] as const)('with the own row %s', async (own) => {
    await fc.assert(
      fc.asyncProperty(features, async ({ count, images, texts }) => {
        const references = joinReferences({ images, texts, count, dim }, 'pairs');
        const k = 3;
        const found = await findNeighbours(references, { rows: count, k, own });
        for (let row = 0; row < count; row++) {
          const wanted = Array.from({ length: 2 * count }, (_, other) => other)
            .filter((other) => own === 'counted' || (other !== row && other !== row + count))
            .map((other) => measure(references.values, row, other))
            .sort((a, b) => a - b)
            .slice(0, k + 1);
          const distances = [...found.distances.subarray(row * (k + 1), (row + 1) * (k + 1))];
          for (const [at, distance] of distances.entries()) {
            expect(distance).toBeCloseTo(wanted[at]!, 4);
            const reference = found.references[row * (k + 1) + at]!;
            expect(measure(references.values, row, reference)).toBeCloseTo(distance, 4);
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});

test('more references than a block holds give the same neighbours', async () => {
  const count = 9000;
  // Points on a line, 1 apart: the neighbours of the first are those that follow it.
  const images = Float32Array.from({ length: count }, (_, row) => row);
  const references = joinReferences({ images, texts: images, count, dim: 1 }, 'pictures');
  const { distances, references: found } = await findNeighbours(references, {
    rows: count,
    k: 2,
    own: 'apart',
  });
  expect([...distances.subarray(0, 3)]).toEqual([1, 2, 3]);
  expect([...found.subarray(0, 3)]).toEqual([1, 2, 3]);
  const last = [...distances.subarray(3 * (count - 1))];
  expect(last).toEqual([1, 2, 3]);
  // 8192 begins a block: its neighbours lie on both sides of the edge.
  expect([...distances.subarray(3 * 8192, 3 * 8192 + 3)]).toEqual([1, 1, 2]);
});

test('equal rows far from the origin are at distance 0, not at what rounding leaves', async () => {
  const images = Float32Array.from([1000.1, 1000.1, 500, 2000]);
  const references = joinReferences({ images, texts: images, count: 4, dim: 1 }, 'pictures');
  const { distances } = await findNeighbours(references, { rows: 1, k: 0, own: 'apart' });
  expect(distances[0]).toBe(0);
});

/** Of each of the first rows, the distances to its nearest by double precision. */
function searchAll({ values, count, dim }: References, rows: number, k: number): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: count }, (_, other) => {
      let sum = 0;
      for (let at = 0; at < dim; at++) sum += (values[row * dim + at]! - values[other * dim + at]!) ** 2;
      return other === row ? Number.POSITIVE_INFINITY : Math.sqrt(sum);
    })
      .sort((a, b) => a - b)
      .slice(0, k + 1),
  );
}

test.each([1500, 700])(
  '%i rows of 2,300 references, many of them nearly the same, have their nearest',
  async (rows) => {
    const random = createRandom('neighbours', rows);
    const [count, dim, k] = [2300, 8, 6];
    // Three in ten lie within a thousandth of one another, far from the origin.
    const values = Float32Array.from({ length: count * dim }, (_, at) =>
      Math.floor(at / dim) % 10 < 3 ? 30 + random.normal() / 1000 : 4 * random.normal(),
    );
    const references: References = { values, count, dim, pairs: count };
    const found = takeNeighbours(await findNearest(references, { rows, k }), { rows, k, own: 'apart' });
    for (const [row, wanted] of searchAll(references, rows, k).entries()) {
      for (const [at, distance] of wanted.entries()) {
        const own = found.distances[row * (k + 1) + at]!;
        expect(Math.abs(own - distance) / distance).toBeLessThan(1e-4);
      }
    }
  },
);

test('a search that is stopped leaves no tensor behind', async () => {
  const before = currentTensorflow()!.binding.getNumOfTensors();
  const values = Float32Array.from({ length: 5000 }, (_, row) => row);
  const references: References = { values, count: 5000, dim: 1, pairs: 5000 };
  let calls = 0;
  const stopped = findNearest(references, {
    rows: 5000,
    k: 1,
    progress(done) {
      expect(done).toBeLessThan(5000);
      if (++calls === 7) throw new Error('stopped');
    },
  });
  await expect(stopped).rejects.toThrow('stopped');
  expect(currentTensorflow()!.binding.getNumOfTensors()).toBe(before);
});
