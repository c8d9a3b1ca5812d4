import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freeName, nameProblem } from '#main/workbench/names.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder } from './fixtures.ts';

it('keeps a free name and numbers a taken one', () => {
  expect(freeName('run', new Set(['other']))).toBe('run');
  expect(freeName('run', new Set(['run']))).toBe('run-2');
  expect(freeName('run', new Set(['run', 'run-2', 'run-4']))).toBe('run-3');
});

it('says of a name why something new cannot have it, and names one that is free', async () => {
  const { folder, remove } = makeFolder();
  const workspace = openWorkspace(join(folder, 'workspace'));
  await importSmallDataset(workspace, join(folder, 'pictures'), 'colours');
  await importSmallDataset(workspace, join(folder, 'more'), 'colours-2');
  expect(nameProblem(workspace, 'dataset', 'colours')).toContain("for example 'colours-3'");
  expect(nameProblem(workspace, 'dataset', 'other')).toBeNull();
  // Names are taken by kind.
  expect(nameProblem(workspace, 'run', 'colours')).toBeNull();
  expect(nameProblem(workspace, 'variant', ' colours')).toContain('without spaces at the ends');
  expect(nameProblem(workspace, 'run', 'x'.repeat(201))).toContain('1 to 200');
  workspace.close();
  remove();
});
