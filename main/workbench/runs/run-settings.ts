import type { Run } from '#contract/run.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { findModel } from '#db/models/models.ts';
import { findVariant } from '#db/variants/variants.ts';
import type { Studied } from '../models/studied-models.ts';
import type { Workspace } from '../workspace.ts';

export type SettingValue = string | number | boolean | null;
export type Settings = Record<string, SettingValue>;
/** Setting -> run -> value. */
export type Differences = Record<string, Settings>;

/** What a run's configuration chose, by the names of the settings; those that other methods have are absent. */
export function chosenSettings({
  config,
  architecture,
  leftOut,
}: Pick<Run, 'config' | 'architecture' | 'leftOut'>): Settings {
  const { method, settings, seed, data } = config;
  return { method, architecture, ...settings, ...data.selection, leftOut, seed };
}

/** Everything that was chosen for a model's run, in words; of a model from a file only its architecture is known. */
export function settingsOf({ db }: Workspace, studied: Studied): Settings {
  if (studied.kind === 'file') return { architecture: studied.model.spec.architecture };
  const { run } = studied;
  return {
    ...chosenSettings(run),
    dataset: findDataset(db, run.datasetId).name,
    variant: run.variantId === null ? null : findVariant(db, run.variantId).name,
    parent: run.parentModelId === null ? null : findModel(db, run.parentModelId).name,
    backend: run.environment?.backend ?? null,
  };
}

/** The settings whose values are not the same for all: setting -> name -> value. Absent settings count as null. */
export function findDifferences(of: readonly { name: string; settings: Settings }[]): Differences {
  const names = [...new Set(of.flatMap(({ settings }) => Object.keys(settings)))];
  const differing = names.filter(
    (setting) => new Set(of.map(({ settings }) => settings[setting] ?? null)).size > 1,
  );
  return Object.fromEntries(
    differing.map((setting) => [
      setting,
      Object.fromEntries(of.map(({ name, settings }) => [name, settings[setting] ?? null])),
    ]),
  );
}
