import { expect, test } from 'vitest';
import type { RunView } from '#contract/api/runs.ts';
import { runPresets } from '#contract/presets.ts';
import { listMethods } from '#main/workbench/runs/run-methods.ts';
import { readNewRun, toRequest } from '../../../../../renderer/screens/runs/new/new-run.ts';

const model = {
  id: 'model_1',
  name: 'poisoned',
  runId: 'run_1',
  architecture: 'RN50',
  resolution: 224,
  hasHead: false,
  createdAt: '2026-01-01T00:00:00Z',
};
const source: RunView = {
  id: 'run_2',
  name: 'repair',
  kind: 'cleanclip',
  state: 'done',
  step: 10,
  totalSteps: 10,
  config: { ...runPresets.cleanclip, architecture: 'RN50', seed: 7, lambda: 3 },
  datasetId: 'data_1',
  dataset: 'colours',
  variantId: null,
  variant: null,
  parentModelId: model.id,
  parent: { name: 'poisoned', runId: 'run_1' },
  modelId: 'model_2',
  environment: null,
  message: null,
  note: '',
  archived: false,
  createdAt: '2026-01-01T00:00:00Z',
  startedAt: null,
  endedAt: null,
  seconds: 1,
  scores: null,
  lossPreview: [],
  queuePlace: null,
};
const known = {
  ...listMethods(),
  models: [model],
  datasets: ['data_0', 'data_1'],
  variants: [{ id: 'var_0', name: 'poison', datasetId: 'data_0' }],
  source: null,
};
const read = (search: string, from: RunView | null = null) =>
  readNewRun(new URLSearchParams(search), { ...known, source: from });

test('without anything in the address: training with the demo values on the latest dataset', () => {
  const form = read('');
  expect(form).toMatchObject({ kind: 'train', preset: 'Demo', dataset: 'data_1', variant: '', model: '' });
  expect(form?.config).toMatchObject({ ...runPresets.train, seed: 0 });
  expect(form?.changed.size).toBe(0);
});

test('a clone has every setting, seed, data and parent of its run, and tells what was changed', () => {
  const same = read('', source);
  expect(same?.config).toEqual(source.config);
  expect(same).toMatchObject({ preset: 'run', dataset: 'data_1', model: 'run_1' });
  const other = read('seed=8&lambda=3', source);
  expect(other?.config).toEqual({ ...source.config, seed: 8 });
  expect([...(other?.changed ?? [])]).toEqual(['seed']);
});

test('a model brings its architecture and is what CleanCLIP starts from', () => {
  const form = read('model=run_1&dataset=data_0');
  expect(form).toMatchObject({ kind: 'cleanclip', model: 'run_1', dataset: 'data_0' });
  expect(form?.config.architecture).toBe('RN50');
});

test('a variant brings the dataset that it belongs to', () => {
  expect(read('variant=var_0')).toMatchObject({ dataset: 'data_0', variant: 'var_0' });
});

test.each(['epochs=1.5', 'epochs=0', 'epochs=', 'batchSize=x', 'share=2', 'schedule=square', 'kind=magic'])(
  'what is wrong in the address is left out: %s',
  (search) => {
    expect(read(search)?.config).toEqual(read('')?.config);
  },
);

test('the request leaves out an empty name and a variant of none', () => {
  const form = read('variant=none&name=+');
  if (form === null) throw new Error('There is a form.');
  const request = toRequest(form);
  expect(request).toMatchObject({ variant: null, model: null, dataset: 'data_1' });
  expect(request).not.toHaveProperty('name');
});
