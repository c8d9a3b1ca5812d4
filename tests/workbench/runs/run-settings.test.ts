import { expect, it } from 'vitest';
import { findDifferences } from '#main/workbench/runs/run-settings.ts';

it('finds the settings that are not the same in all runs', () => {
  const runs = [
    { name: 'a', settings: { epochs: 12, lambda: 4, variant: null } },
    { name: 'b', settings: { epochs: 12, lambda: 0, variant: null } },
    { name: 'c', settings: { epochs: 12, lambda: 0, variant: 'v', extra: 1 } },
  ];
  expect(findDifferences(runs)).toEqual({
    lambda: { a: 4, b: 0, c: 0 },
    variant: { a: null, b: null, c: 'v' },
    extra: { a: null, b: null, c: 1 },
  });
});

it('finds none for one run', () => {
  expect(findDifferences([{ name: 'a', settings: { epochs: 1 } }])).toEqual({});
});
