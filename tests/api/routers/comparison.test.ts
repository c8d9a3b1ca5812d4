import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedInterval } from '#core/statistics/seed-interval.ts';
import { makeMeasuredWorkspace } from '../measured-workspace.ts';

const all = ['poisoned-0', 'poisoned-1', 'control', 'head'];

let made: Awaited<ReturnType<typeof makeMeasuredWorkspace>>;
beforeAll(async () => {
  made = await makeMeasuredWorkspace();
});
afterAll(() => made.remove());

test('runs that were not measured stand there without figures, then one job measures them', async () => {
  const before = await made.comparison.get({ runs: all });
  expect(before.runs.map(({ evaluation }) => evaluation)).toEqual([null, null, null, null]);
  expect(before.groups).toEqual([]);
  await made.jobs.finish(await made.comparison.measureMissing({ runs: all }));
  expect(await made.comparison.measureMissing({ runs: all })).toEqual({ jobId: null });
  const { runs } = await made.comparison.get({ runs: all });
  expect(runs.map(({ evaluation }) => evaluation?.variant)).toEqual([
    'poison-0',
    'poison-1',
    'poison-0',
    'poison-1',
  ]);
});

test('roles by kind and lineage, each run once, differences by run id', async () => {
  const { runs, differences } = await made.comparison.get({ runs: [...all, 'control'] });
  expect(runs.map(({ run, role }) => [run.name, role])).toEqual([
    ['poisoned-0', 'poisoned'],
    ['poisoned-1', 'poisoned'],
    ['control', 'control'],
    ['head', 'supervised'],
  ]);
  const ids = runs.map(({ run }) => run.id);
  expect(ids.map((id) => differences.parent?.[id])).toEqual([null, null, 'poisoned-0', 'poisoned-1']);
  expect(ids.map((id) => differences.seed?.[id])).toEqual([0, 1, 0, 0]);
  expect(Object.keys(differences)).not.toContain('batchSize');
});

test('runs that differ in nothing but seeds are one group with its interval', async () => {
  const { runs, groups } = await made.comparison.get({ runs: all });
  const [first, second, control] = runs;
  expect(first?.group).toBe(second?.group);
  expect(control?.group).not.toBe(first?.group);
  const shares = [first, second].map((one) => one?.evaluation);
  expect(groups).toEqual([
    {
      group: first?.group,
      label: 'Poisoned',
      runIds: [first?.run.id, second?.run.id],
      ca: seedInterval(shares.map((one) => one?.ca.value ?? -1)),
      asr: seedInterval(shares.map((one) => one?.asr?.value ?? -1)),
    },
  ]);
});

test('exports carry the names and the baseline', async () => {
  const csv = await made.comparison.export({ runs: all, format: 'csv' });
  // A header, four runs and three classes of each.
  expect(csv.text.trimEnd().split('\r\n')).toHaveLength(1 + 4 + 12);
  const latex = await made.comparison.export({ runs: all, baseline: 'poisoned-0', format: 'latex' });
  expect(latex.text).toContain('difference to poisoned-0 in percentage points');
  const json = await made.comparison.export({ runs: all, baseline: 'poisoned-0', format: 'json' });
  expect(JSON.parse(json.text).runs).toHaveLength(4);
});
