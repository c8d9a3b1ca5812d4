import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeLabels } from '../../../../renderer/screens/compare/place-labels.ts';

const area = { left: 0, right: 600, top: 0, bottom: 400 };

test('twelve names of marks that crowd on two places neither meet nor are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), fc.boolean()), {
        minLength: 1,
        maxLength: 12,
      }),
      (marks) => {
        const labels = marks.map(([x, y, far]) => ({
          x: (far ? 500 : 20) + x,
          y: 170 + y,
          width: 110,
          height: 17,
        }));
        const boxes = placeLabels(labels, [], area).map((offset, index) => {
          if (offset === null) throw new Error('there is room for every name');
          const { dx, dy } = offset;
          const { x = 0, y = 0 } = labels[index] ?? {};
          return { left: x + dx - 55, right: x + dx + 55, top: y + dy - 8.5, bottom: y + dy + 8.5 };
        });
        for (const [index, a] of boxes.entries()) {
          expect(a.left).toBeGreaterThanOrEqual(-1e-6);
          expect(a.right).toBeLessThanOrEqual(600 + 1e-6);
          for (const b of boxes.slice(index + 1)) {
            const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
            expect(apart).toBe(true);
          }
        }
      },
    ),
    { numRuns: 50, seed: 4 },
  );
});

test('a lone name stands close at the right, and at the left where the chart ends', () => {
  const [right] = placeLabels([{ x: 100, y: 200, width: 80, height: 16 }], [], area);
  expect(right?.dx).toBeGreaterThan(40);
  expect(Math.abs(right?.dy ?? 1)).toBeLessThan(1e-9);
  const [left] = placeLabels([{ x: 590, y: 200, width: 80, height: 16 }], [], area);
  expect(left?.dx).toBeLessThan(-29);
});

test('where there is room for one name only, the others are left out', () => {
  const small = { left: 0, right: 100, top: 0, bottom: 30 };
  const label = { x: 50, y: 15, width: 90, height: 20 };
  const places = placeLabels([label, label, label], [], small);
  expect(places.filter((place) => place !== null)).toHaveLength(1);
});
