import { expect, test } from 'vitest';
import type { ConfusionCell } from '#contract/api/models.ts';
import {
  arrangeConfusion,
  countConfused,
  listConfusions,
} from '../../../../renderer/screens/model/confusion.ts';

const classes = ['cat', 'dog', 'fox'];
/** True cat: 3 right, 1 as dog; true dog: all 2 as cat; true fox: 4 right. */
const cells: ConfusionCell[] = [
  [0, 0, 3],
  [0, 1, 1],
  [1, 0, 2],
  [2, 2, 4],
];

test('a class takes part in its own wrong pictures and in those taken for it', () => {
  expect(countConfused(3, cells)).toEqual([3, 3, 0]);
});

test('cells are shares of their class, and the order moves rows and columns together', () => {
  const worst = arrangeConfusion(classes, cells, 'accuracy', Infinity);
  expect(worst.classes).toEqual(['dog', 'cat', 'fox']);
  expect(worst.cells).toEqual([
    { row: 1, column: 1, count: 3, share: 0.75 },
    { row: 1, column: 0, count: 1, share: 0.25 },
    { row: 0, column: 1, count: 2, share: 1 },
    { row: 2, column: 2, count: 4, share: 1 },
  ]);
});

test('by name numbers count as numbers, and by size the class with most pictures comes first', () => {
  expect(arrangeConfusion(['b10', 'b9', 'a'], cells, 'name', Infinity).classes).toEqual(['a', 'b9', 'b10']);
  const sizes: ConfusionCell[] = [
    [0, 0, 1],
    [1, 0, 5],
    [2, 0, 3],
  ];
  expect(arrangeConfusion(classes, sizes, 'size', Infinity).classes).toEqual(['dog', 'fox', 'cat']);
});

test('cut to the most confused, shares stay shares of all of the class', () => {
  expect(arrangeConfusion(classes, cells, 'confused', 1)).toEqual({
    classes: ['cat'],
    cells: [{ row: 0, column: 0, count: 3, share: 0.75 }],
  });
});

test('the largest confusions come first, right predictions are none', () => {
  expect(listConfusions(classes, cells, 10)).toEqual([
    { label: 'dog', predicted: 'cat', count: 2, of: 2 },
    { label: 'cat', predicted: 'dog', count: 1, of: 4 },
  ]);
  expect(listConfusions(classes, cells, 1)).toHaveLength(1);
});

test('a thousand classes are arranged and listed like three', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `class ${index}`);
  // Class i: i + 1 right, and one picture taken for the class after it.
  const many = names.flatMap((_, index): ConfusionCell[] => [
    [index, index, index + 1],
    [index, (index + 1) % 1000, 1],
  ]);
  const picture = arrangeConfusion(names, many, 'size', Infinity);
  expect([picture.classes[0], picture.classes.at(-1)]).toEqual(['class 999', 'class 0']);
  expect(picture.cells).toHaveLength(2000);
  // Class 0 has two pictures and stands last: one right, one taken for class 1, which stands before it.
  expect(picture.cells.slice(0, 2)).toEqual([
    { row: 999, column: 999, count: 1, share: 0.5 },
    { row: 999, column: 998, count: 1, share: 0.5 },
  ]);
  expect(arrangeConfusion(names, many, 'confused', 40).classes).toHaveLength(40);
  expect(listConfusions(names, many, 200)).toHaveLength(200);
});
