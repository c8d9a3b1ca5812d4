import { expect, it } from 'vitest';
import { freeName } from '#main/workbench/names.ts';

it('keeps a free name and numbers a taken one', () => {
  expect(freeName('run', new Set(['other']))).toBe('run');
  expect(freeName('run', new Set(['run']))).toBe('run-2');
  expect(freeName('run', new Set(['run', 'run-2', 'run-4']))).toBe('run-3');
});
