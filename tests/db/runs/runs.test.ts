import { expect, test } from 'vitest';
import type { RunEnvironment } from '#contract/run.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { insertMetrics, readMetrics } from '#db/runs/metrics.ts';
import {
  addSeconds,
  findRun,
  insertRun,
  listRuns,
  markOrphansInterrupted,
  setRunState,
  setRunStep,
  startRun,
} from '#db/runs/runs.ts';
import { datasetNamed, runNamed } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

const environment: RunEnvironment = {
  program: '0.1.0',
  node: '24.21.0',
  platform: 'linux-x64',
  backend: 'cpu',
  backendVersion: '4.22.0',
  device: 'CPU',
};

function databaseWithDataset() {
  const db = temporaryDatabase();
  return { db, datasetId: beginImport(db, datasetNamed('pairs')).finish().id };
}

test('a run is queued, runs, is interrupted, goes on and ends', () => {
  const { db, datasetId } = databaseWithDataset();
  const run = insertRun(db, runNamed('first', datasetId));
  expect(run).toMatchObject({
    ...runNamed('first', datasetId),
    state: 'queued',
    step: 0,
    seconds: 0,
    environment: null,
    message: null,
    startedAt: null,
    endedAt: null,
    modelId: null,
  });
  startRun(db, run.id, environment);
  const { startedAt } = findRun(db, run.id);
  expect(startedAt).not.toBeNull();
  setRunStep(db, run.id, 45);
  addSeconds(db, run.id, 1.5);
  setRunState(db, run.id, 'interrupted', 'stopped by hand');
  expect(findRun(db, 'first')).toMatchObject({
    state: 'interrupted',
    step: 45,
    message: 'stopped by hand',
    environment,
  });
  expect(findRun(db, 'first').endedAt).not.toBeNull();
  startRun(db, run.id, { ...environment, program: '0.2.0' });
  expect(findRun(db, 'first')).toMatchObject({ state: 'running', message: null, endedAt: null, startedAt });
  addSeconds(db, run.id, 2.25);
  setRunState(db, run.id, 'done');
  expect(findRun(db, run.id)).toMatchObject({ state: 'done', seconds: 3.75 });
});

test('orphans are the running; what waits keeps its place', () => {
  const { db, datasetId } = databaseWithDataset();
  const [, running, done, failed] = ['queued', 'running', 'done', 'failed'].map((name) =>
    insertRun(db, runNamed(name, datasetId)),
  );
  startRun(db, running?.id ?? '', environment);
  setRunState(db, done?.id ?? '', 'done');
  setRunState(db, failed?.id ?? '', 'failed', 'out of memory');
  expect(markOrphansInterrupted(db)).toEqual([running?.id]);
  expect(listRuns(db).map(({ name, state }) => [name, state])).toEqual([
    ['queued', 'queued'],
    ['running', 'interrupted'],
    ['done', 'done'],
    ['failed', 'failed'],
  ]);
  expect(findRun(db, 'running').message).toContain('resume');
  expect(markOrphansInterrupted(db)).toEqual([]);
});

test('unknown and taken names are told apart', () => {
  const { db, datasetId } = databaseWithDataset();
  insertRun(db, runNamed('first', datasetId));
  expect(() => insertRun(db, runNamed('first', datasetId))).toThrow(
    expect.objectContaining({ kind: 'conflict' }),
  );
  expect(() => findRun(db, 'last')).toThrow("There is no run 'last'. There is 'first'.");
  expect(() => setRunStep(db, 'run_unknown', 1)).toThrow(expect.objectContaining({ kind: 'not-found' }));
  expect(() => insertRun(db, runNamed('second', datasetId, { variantId: 'va_unknown' }))).toThrow(
    expect.objectContaining({ kind: 'not-found' }),
  );
});

test('metrics come back by step; repeated steps are replaced; NaN and infinity survive', () => {
  const { db, datasetId } = databaseWithDataset();
  const { id } = insertRun(db, runNamed('first', datasetId));
  insertMetrics(db, id, [
    { step: 2, name: 'loss', value: 4.5 },
    { step: 1, name: 'loss', value: 4.75 },
    { step: 1, name: 'learning_rate', value: 1e-5 },
  ]);
  insertMetrics(db, id, [
    { step: 2, name: 'loss', value: Number.NaN },
    { step: 3, name: 'loss', value: Number.POSITIVE_INFINITY },
  ]);
  expect(readMetrics(db, id, 'loss')).toEqual([
    { step: 1, name: 'loss', value: 4.75 },
    { step: 2, name: 'loss', value: Number.NaN },
    { step: 3, name: 'loss', value: Number.POSITIVE_INFINITY },
  ]);
  expect(readMetrics(db, id)).toHaveLength(4);
  expect(() => insertMetrics(db, 'run_unknown', [{ step: 1, name: 'loss', value: 1 }])).toThrow(
    expect.objectContaining({ kind: 'not-found' }),
  );
});
