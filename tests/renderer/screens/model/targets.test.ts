import { expect, test } from 'vitest';
import { nextClass } from '#contract/variant.ts';
import { describeTarget, hasOwnTargets, wantedOf } from '../../../../renderer/screens/model/targets.ts';

const classes = ['blue', 'green', 'red'];

test('one target is wanted of every class but its own', () => {
  const attacked = { classes, target: 'red' };
  expect(classes.map((label) => wantedOf(attacked, label))).toEqual(['red', 'red', null]);
  expect([hasOwnTargets(attacked), describeTarget(attacked)]).toEqual([false, 'red']);
});

test('all-to-all wants the next class of each, the first of the last', () => {
  const attacked = { classes, target: nextClass };
  expect(classes.map((label) => wantedOf(attacked, label))).toEqual(['green', 'red', 'blue']);
  expect([hasOwnTargets(attacked), describeTarget(attacked)]).toEqual([true, 'the next class of each']);
});

test('a class of that very name is a target like any other', () => {
  const attacked = { classes: ['blue', nextClass], target: nextClass };
  expect([wantedOf(attacked, 'blue'), wantedOf(attacked, nextClass)]).toEqual([nextClass, null]);
  expect(hasOwnTargets(attacked)).toBe(false);
});

test('nothing is wanted where nothing was attacked', () => {
  expect(wantedOf({ classes, target: null }, 'blue')).toBeNull();
  expect(describeTarget({ classes, target: null })).toBeNull();
});
