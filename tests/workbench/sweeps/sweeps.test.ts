import { afterAll, describe, expect, it } from 'vitest';
import { type SweepFile, sweepFileSchema } from '#contract/sweep.ts';
import { insertSweep } from '#db/sweeps/sweeps.ts';
import { createRunRows } from '#main/workbench/runs/table/run-rows.ts';
import { previewSweep } from '#main/workbench/sweeps/preview-sweep.ts';
import { createSweepViewer } from '#main/workbench/sweeps/sweep-view.ts';
import { createSweep, extendSweep, showSweeps } from '#main/workbench/sweeps/sweeps.ts';
import { openStudy } from '../runs/table/study-workspace.ts';

const { workspace, close } = await openStudy(1);
afterAll(close);

const patch = {
  kind: 'patch',
  size: 3,
  pattern: ['10', '01'],
  place: { kind: 'corner', corner: 'bottom-right', margin: 0 },
};
const poisoning = {
  data: { dataset: 'study' },
  attack: { resolution: 32, parts: [{ trigger: patch, target: 'dog', amount: { kind: 'count', count: 5 } }] },
  method: 'mmcl',
  settings: { epochs: 3 },
};
const file = (more: Record<string, unknown> = {}): SweepFile =>
  sweepFileSchema.parse({
    run: { data: { dataset: 'study' }, start: { run: poisoning }, method: 'cleanclip' },
    vary: { lambda: [1, 2], seed: [0, 1, 2] },
    ...more,
  });

describe('sweeps', () => {
  it('are refused with a rule that names no column, when planned, extended or previewed', () => {
    const wrong = file({ best: { column: 'asrr', direction: 'lowest' } });
    expect(() => createSweep(workspace, wrong)).toThrow(/There is no column 'asrr'/);
    const sweep = createSweep(workspace, file({ name: 'good' }));
    expect(() => extendSweep(workspace, sweep.id, wrong)).toThrow(/There is no column 'asrr'/);
    expect(previewSweep(workspace, wrong).problem).toMatch(/There is no column 'asrr'/);
  });

  it('are listed although an older program kept one with a rule that cannot be read', () => {
    insertSweep(workspace.db, 'old', file({ best: { column: 'asrr', direction: 'lowest' } }), []);
    const views = showSweeps(workspace).map(createSweepViewer(workspace, createRunRows(workspace)()));
    expect(views.map(({ name, best }) => [name, best])).toContainEqual(['old', null]);
  });

  it('are previewed with what comes before them once, and with the fraction that each run will have', () => {
    const six = previewSweep(workspace, file());
    expect(six).toMatchObject({ runs: { length: 6 }, before: 1, variants: 1, problem: null });
    const seconds = (more: Record<string, unknown>) =>
      previewSweep(
        workspace,
        sweepFileSchema.parse({ run: { data: { dataset: 'study' }, method: 'mmcl', ...more }, vary: {} }),
      ).seconds ?? Number.NaN;
    const half = { data: { dataset: 'study', selection: { fraction: 0.5 } } };
    expect(seconds(half) / seconds({})).toBeCloseTo(0.5, 9);
    expect(seconds({ settings: { epochs: 4 } }) / seconds({ settings: { epochs: 2 } })).toBeCloseTo(2, 9);
  });
});
