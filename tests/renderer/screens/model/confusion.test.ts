import { expect, test } from 'vitest';
import {
  arrangeConfusion,
  countConfused,
  fillMatrix,
  listConfusions,
} from '../../../../renderer/screens/model/confusion.ts';

const classes = ['cat', 'dog', 'fox'];
// true cat: 3 right, 1 as dog; true dog: all 2 as cat; true fox: 4 right
const counts = [
  [3, 1, 0],
  [2, 0, 0],
  [0, 0, 4],
];

test('a class takes part in its own wrong pictures and in those taken for it', () => {
  expect(countConfused(counts)).toEqual([3, 3, 0]);
});

test('rows are shares of their class, and the order moves rows and columns together', () => {
  const worst = arrangeConfusion(classes, counts, 'accuracy', Infinity);
  expect(worst.classes).toEqual(['dog', 'cat', 'fox']);
  expect(worst.shares).toEqual([
    [0, 1, 0],
    [0.25, 0.75, 0],
    [0, 0, 1],
  ]);
});

test('by name numbers count as numbers, and by size the class with most pictures comes first', () => {
  expect(arrangeConfusion(['b10', 'b9', 'a'], counts, 'name', Infinity).classes).toEqual(['a', 'b9', 'b10']);
  expect(arrangeConfusion(classes, [[1], [5], [3]], 'size', Infinity).classes).toEqual(['dog', 'fox', 'cat']);
});

test('cut to the most confused, shares stay shares of all of the class', () => {
  const cut = arrangeConfusion(classes, counts, 'confused', 1);
  expect(cut.classes).toEqual(['cat']);
  expect(cut.shares).toEqual([[0.75]]);
  expect(cut.counts).toEqual([[3]]);
});

test('the largest confusions come first, right predictions are none', () => {
  expect(listConfusions(classes, counts, 10)).toEqual([
    { label: 'dog', predicted: 'cat', count: 2, of: 2 },
    { label: 'cat', predicted: 'dog', count: 1, of: 4 },
  ]);
  expect(listConfusions(classes, counts, 1)).toHaveLength(1);
});

test('a matrix of a thousand classes is filled from its cells, sorted and listed', () => {
  const size = 1000;
  const names = Array.from({ length: size }, (_, index) => `class ${index}`);
  // Class i: i + 1 right, and one picture taken for the class after it.
  const cells = names.flatMap((_, index): [number, number, number][] => [
    [index, index, index + 1],
    [index, (index + 1) % size, 1],
  ]);
  const full = fillMatrix(size, cells);
  expect(full.flat().reduce((total, count) => total + count, 0)).toBe((size * (size + 1)) / 2 + size);
  expect(full[999]?.[0]).toBe(1);
  const picture = arrangeConfusion(names, full, 'size', Infinity);
  expect([picture.classes[0], picture.classes.at(-1)]).toEqual(['class 999', 'class 0']);
  expect(picture.shares.at(-1)?.at(-1)).toBe(0.5);
  expect(listConfusions(names, full, 200)).toHaveLength(200);
});
