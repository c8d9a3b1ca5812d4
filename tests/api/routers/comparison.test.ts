import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedInterval } from '#core/statistics/seed-interval.ts';
import { addFileModel } from '../add-file-model.ts';
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
  expect(runs.map(({ name, role }) => [name, role])).toEqual([
    ['poisoned-0', 'poisoned'],
    ['poisoned-1', 'poisoned'],
    ['control', 'control'],
    ['head', 'supervised'],
  ]);
  const ids = runs.map(({ id }) => id);
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
      runIds: [first?.id, second?.id],
      ca: seedInterval(shares.map((one) => one?.ca.value ?? -1)),
      asr: seedInterval(shares.map((one) => one?.asr?.value ?? -1)),
      trainedOn: true,
    },
  ]);
});

test('changes are worked out picture by picture, and of another attack for clean pictures alone', async () => {
  const { runs } = await made.comparison.get({ runs: all });
  const changes = await made.comparison.changes({ runs: all, baseline: 'poisoned-0' });
  const idOf = (name: string) => runs.find((run) => run.name === name)?.id ?? '';
  const shareOf = (name: string, share: 'ca' | 'asr') =>
    runs.find((run) => run.name === name)?.evaluation?.[share]?.value ?? Number.NaN;
  expect(changes).not.toHaveProperty(idOf('poisoned-0'));
  const control = changes[idOf('control')];
  expect(control?.ca?.value).toBeCloseTo(shareOf('control', 'ca') - shareOf('poisoned-0', 'ca'), 12);
  expect(control?.asr?.value).toBeCloseTo(shareOf('control', 'asr') - shareOf('poisoned-0', 'asr'), 12);
  expect([control?.ca?.count, control?.asr?.count]).toEqual([9, 6]);
  // The second seed has a variant of its own.
  expect(changes[idOf('poisoned-1')]).toMatchObject({ ca: { count: 9 }, asr: null, poisonedAccuracy: null });
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

test('a model from a file stands beside runs, measured under the attack of the first of them', async () => {
  const { id } = addFileModel(made.workspace, 'brought', 'poisoned-1');
  expect(await made.comparison.measureMissing({ runs: ['brought'] })).toEqual({ jobId: null });
  expect((await made.comparison.get({ runs: ['brought'] })).runs).toMatchObject([
    { id, name: 'brought', role: 'imported', modelId: id, run: null, dataset: null, evaluation: null },
  ]);
  const runs = ['control', 'brought'];
  await made.jobs.finish(await made.comparison.measureMissing({ runs }));
  expect(await made.comparison.measureMissing({ runs })).toEqual({ jobId: null });
  const view = await made.comparison.get({ runs });
  const [control, brought] = view.runs;
  // Where it comes from is not known, so neither is whether it saw the attack.
  expect(brought?.evaluation).toMatchObject({ variant: 'poison-0', runId: null, trainedOn: null });
  expect(brought?.notes).toEqual([]);
  expect(brought?.file).toEqual({ path: '/downloads/brought.pt', sha256: 'ab'.repeat(32) });
  expect(view.differences.method).toEqual({ [control?.id ?? '']: 'mmcl', [id]: null });
  const csv = await made.comparison.export({ runs, baseline: 'brought', format: 'csv' });
  expect(csv.text).toContain(`\r\nbrought,${id},imported,`);
  const latex = await made.comparison.export({ runs, baseline: 'brought', format: 'latex' });
  expect(latex.text).toContain('difference to brought in percentage points');
  // The same weights under the same attack are the same figures, whatever the model came from.
  await made.jobs.finish(await made.models.evaluate({ model: 'poisoned-1', variant: 'poison-0' }));
  const [same] = await made.models.evaluations({ model: 'poisoned-1' });
  expect(brought?.evaluation?.perClass).toEqual(same?.perClass);
});
