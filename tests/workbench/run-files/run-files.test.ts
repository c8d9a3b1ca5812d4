import { afterAll, expect, it } from 'vitest';
import { runFileSchema } from '#contract/run-file.ts';
import { readMeasuring, setMeasuring } from '#db/runs/run-keeping.ts';
import { findRun, insertRun } from '#db/runs/runs.ts';
import { exportRunFile } from '#main/workbench/run-files/export-run-file.ts';
import { configOf, findMade, storePlan } from '#main/workbench/run-files/make-chain.ts';
import { planRun } from '#main/workbench/runs/run-plans.ts';
import { showRuns } from '#main/workbench/runs/runs.ts';
import { openStudy } from '../runs/table/study-workspace.ts';

const { workspace, close } = await openStudy(1);
afterAll(close);

/** As it is written and read again. */
const exported = (id: string) =>
  runFileSchema.parse(JSON.parse(JSON.stringify(exportRunFile(workspace, findRun(workspace.db, id)))));

it('stand for the runs that they were made from, with all that came before', () => {
  const done = showRuns(workspace).filter(({ modelId }) => modelId !== null);
  expect(done.length).toBeGreaterThan(10);
  for (const run of done) {
    const { config } = findMade(workspace, exported(run.id)) ?? {};
    expect(config).toEqual(run.config);
  }
});

it('keep when a run is measured, and what becomes of changed pictures', () => {
  const [first] = showRuns(workspace);
  if (first === undefined) throw new Error('There are runs.');
  const { config } = first;
  const plan = planRun(workspace, {
    name: 'listing',
    config: { ...config, seed: 77, data: { ...config.data, changedPictures: 'list' } },
  });
  const run = insertRun(workspace.db, plan);
  setMeasuring(workspace.db, run.id, { eachEpoch: true, atEnd: false });
  const file = exported(run.id);
  expect(configOf(file, config.start, config.data)).toEqual(plan.config);
  const again = storePlan({ workspace }, { ...plan, name: 'again' }, file);
  expect(readMeasuring(workspace.db, again.id)).toEqual({ eachEpoch: true, atEnd: false });
  // Nothing is said of what is as usual.
  setMeasuring(workspace.db, run.id, { eachEpoch: false, atEnd: true });
  expect(Object.keys(exported(run.id))).not.toContain('measure');
});
