import { expect, it } from 'vitest';
import { runConfigSchema } from '#contract/run.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { findRunByConfig } from '#db/runs/find-by-config.ts';
import { insertRun, setRunState } from '#db/runs/runs.ts';
import { datasetNamed, runNamed } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

function databaseWithRuns(...names: string[]) {
  const db = temporaryDatabase();
  const dataset = beginImport(db, datasetNamed('pairs')).finish().id;
  return { db, runs: names.map((name) => insertRun(db, runNamed(name, dataset))) };
}

it('finds the oldest run of the same configuration, a finished one before others', () => {
  const { db, runs } = databaseWithRuns('first', 'second', 'third');
  const config = runNamed('same', runs[0]?.config.data.id ?? '').config;
  expect(findRunByConfig(db, config)?.name).toBe('first');
  setRunState(db, runs[1]?.id ?? '', 'running');
  setRunState(db, runs[1]?.id ?? '', 'done');
  expect(findRunByConfig(db, config)?.name).toBe('second');
});

it('finds no run of another seed, setting, fraction or start', () => {
  const { db, runs } = databaseWithRuns('first');
  const { config } = runNamed('same', runs[0]?.config.data.id ?? '');
  const { settings, data } = config;
  for (const other of [
    { seed: 1 },
    { settings: { ...settings, learningRate: 0.125 } },
    { data: { ...data, selection: { ...data.selection, fraction: 0.5 } } },
    { start: { kind: 'scratch' as const, architecture: 'RN50' } },
  ]) {
    expect(findRunByConfig(db, { ...config, ...other })).toBeNull();
  }
});

it('finds a run of an older program, which knew fewer settings: what they are where they are left out', () => {
  const { db, runs } = databaseWithRuns('old');
  const { config } = runNamed('same', runs[0]?.config.data.id ?? '');
  expect(config.settings).toMatchObject({ mix: 1, partSize: 0 });
  db.exec("UPDATE runs SET config = json_remove(config, '$.settings.mix', '$.settings.partSize')");
  expect(findRunByConfig(db, config)?.name).toBe('old');
  const mixed = runConfigSchema.parse({ ...config, settings: { ...config.settings, mix: 0.5 } });
  expect(findRunByConfig(db, mixed)).toBeNull();
  // One that no program can read is passed over.
  db.exec("UPDATE runs SET config = json_set(config, '$.settings.epochs', 'many')");
  expect(findRunByConfig(db, config)).toBeNull();
});
