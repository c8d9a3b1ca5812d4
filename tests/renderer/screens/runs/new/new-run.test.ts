import { expect, test } from 'vitest';
import type { RunView } from '#contract/api/runs.ts';
import { presetFor } from '#contract/methods/method-registry.ts';
import { runConfigSchema } from '#contract/run.ts';
import { listMethods } from '#main/workbench/runs/run-methods.ts';
import { readNewRun, toRequest } from '../../../../../renderer/screens/runs/new/new-run.ts';

const model = {
  id: 'model_1',
  name: 'poisoned',
  runId: 'run_1',
  architecture: 'RN50',
  resolution: 224,
  hasHead: false,
  file: null,
  measured: [],
  createdAt: '2026-01-01T00:00:00Z',
};
const source: RunView = {
  id: 'run_2',
  name: 'repair',
  state: 'done',
  step: 10,
  totalSteps: 10,
  config: runConfigSchema.parse({
    start: { kind: 'model', model: model.id },
    data: { kind: 'dataset', id: 'data_1', selection: { fraction: 0.4, withoutPoisoned: true } },
    method: 'cleanclip',
    settings: { ...presetFor('cleanclip', 'model').settings, lambda: 3 },
    seed: 7,
  }),
  architecture: 'RN50',
  leftOut: 3,
  datasetId: 'data_1',
  dataset: 'colours',
  variantId: null,
  variant: null,
  parentModelId: model.id,
  parent: { name: 'poisoned', modelId: model.id, runId: 'run_1' },
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
  evaluateEachEpoch: false,
  measureAtEnd: true,
  lossPreview: [],
  queuePlace: null,
};
const known = {
  ...listMethods(),
  models: [model],
  datasets: [
    { id: 'data_0', name: 'emoji' },
    { id: 'data_1', name: 'colours' },
  ],
  variants: [{ id: 'var_0', name: 'poison', datasetId: 'data_0' }],
  source: null,
};
const read = (search: string, from: RunView | null = null) =>
  readNewRun(new URLSearchParams(search), { ...known, source: from });

test('without anything in the address: training with the demo values on the latest dataset', () => {
  const form = read('');
  expect(form).toMatchObject({
    method: 'mmcl',
    preset: 'Demo',
    dataset: 'data_1',
    variant: '',
    start: 'scratch',
    settings: presetFor('mmcl', 'scratch').settings,
    selection: { fraction: 1, withoutPoisoned: false },
    seed: 0,
  });
  expect(form?.changed.size).toBe(0);
});

test('a clone has every setting, seed, data and parent of its run, and tells what was changed', () => {
  const same = read('', source);
  const { settings, seed, data } = source.config;
  expect(same).toMatchObject({
    preset: 'run',
    dataset: 'data_1',
    start: 'run_1',
    seed,
    selection: data.selection,
  });
  expect(same?.settings).toEqual(settings);
  const other = read('seed=8&lambda=3&fraction=0.5', source);
  expect(other?.settings).toEqual(settings);
  expect(other).toMatchObject({ seed: 8, selection: { fraction: 0.5, withoutPoisoned: true } });
  expect([...(other?.changed ?? [])]).toEqual(['fraction', 'seed']);
});

test('a model brings its architecture and is what CleanCLIP starts from, on the part of the pairs that it takes', () => {
  expect(read('model=run_1&dataset=data_0')).toMatchObject({
    method: 'cleanclip',
    start: 'run_1',
    dataset: 'data_0',
    architecture: 'RN50',
    selection: { fraction: 0.5 },
  });
});

test('a variant brings the dataset that it belongs to, and is given whole', () => {
  expect(read('variant=var_0')).toMatchObject({ dataset: 'data_0', variant: 'var_0' });
  expect(read('model=run_1&variant=var_0&method=mmcl')).toMatchObject({ selection: { fraction: 1 } });
});

test('the address names dataset, variant and model by id or by name', () => {
  expect(read('dataset=emoji')).toMatchObject({ dataset: 'data_0' });
  expect(read('dataset=emoji&variant=poison&model=poisoned')).toEqual(
    read('dataset=data_0&variant=var_0&model=run_1'),
  );
  // What is not there stays unchosen; nothing else is taken in its place.
  expect(read('dataset=gone')).toMatchObject({ dataset: 'gone' });
});

test('any method takes any start', () => {
  expect(read('method=cleanclip')).toMatchObject({ method: 'cleanclip', start: 'scratch', preset: 'Demo' });
  expect(read('method=mmcl&model=run_1')?.settings).toEqual(presetFor('mmcl', 'model').settings);
});

test.each([
  'epochs=1.5',
  'epochs=0',
  'epochs=',
  'batchSize=x',
  'fraction=2',
  'schedule=square',
  'method=magic',
])('what is wrong in the address is left out: %s', (search) => {
  expect(read(search)).toEqual(read(''));
});

test('the request names start and data as the form has them', () => {
  const requestOf = (search: string) => {
    const form = read(search);
    if (form === null) throw new Error('There is a form.');
    return toRequest(form);
  };
  const plain = requestOf('variant=none&name=+');
  expect(plain).not.toHaveProperty('name');
  expect(plain.config).toMatchObject({
    start: { kind: 'scratch', architecture: 'demo' },
    data: { kind: 'dataset', id: 'data_1' },
  });
  const repair = requestOf('variant=var_0&model=run_1&withoutPoisoned=true');
  expect(repair.config).toMatchObject({
    start: { kind: 'model', model: 'run_1' },
    data: { kind: 'variant', id: 'var_0', selection: { fraction: 1, withoutPoisoned: true } },
  });
  expect(runConfigSchema.parse(repair.config)).toEqual(repair.config);
});

test('changed pictures stop a run unless it is asked to list them', () => {
  const dataOf = (search: string) => {
    const form = read(search);
    return form === null ? null : toRequest(form).config.data;
  };
  expect(dataOf('')).not.toHaveProperty('changedPictures');
  expect(dataOf('changed=list')).toMatchObject({ changedPictures: 'list' });
  expect(dataOf('changed=stop')).not.toHaveProperty('changedPictures');
});
