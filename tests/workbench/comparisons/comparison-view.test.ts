import { afterAll, expect, it } from 'vitest';
import { viewComparison } from '#main/workbench/comparisons/comparison-view.ts';
import { createRunViewer } from '#main/workbench/runs/run-views.ts';
import { queryRuns } from '#main/workbench/runs/table/query-runs.ts';
import { createRunRows } from '#main/workbench/runs/table/run-rows.ts';
import { openStudy } from '../runs/table/study-workspace.ts';

const { workspace, close } = await openStudy(2);
afterAll(close);

function labelsOf(filter: string): string[] {
  const { rows } = queryRuns(createRunRows(workspace)(), { filter, archived: null, group: [], sort: null });
  const ids = rows.map(({ id }) => String(id));
  return viewComparison(workspace, ids, createRunViewer(workspace).viewAll).groups.map(({ label }) => label);
}

it('names groups by the settings that differ, and by their poison where these are the same', () => {
  expect(labelsOf('method:cleanclip poisons:50 lambda < 4')).toEqual([
    'Repaired, lambda 1',
    'Repaired, lambda 2',
  ]);
  expect(labelsOf('method:cleanclip lambda:1 poisons <= 100')).toEqual([
    'Repaired, 50 poisoned pairs',
    'Repaired, 100 poisoned pairs',
  ]);
  const many = labelsOf('method:cleanclip poisons < 400');
  expect(many).toHaveLength(12);
  expect(new Set(many).size).toBe(12);
  expect(many).toContain('Repaired, lambda 8, 200 poisoned pairs');
});
