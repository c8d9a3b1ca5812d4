import type { ArchitectureName } from '#contract/architectures.ts';
import type { Dataset } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { runPresets } from '#contract/presets.ts';
import { type NewRun, type RunKind, type TrainingConfig, trainingConfigSchema } from '#contract/run.ts';
import type { Variant } from '#contract/variant.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { findModel } from '#db/models/models.ts';
import { findRun, listRuns } from '#db/runs/runs.ts';
import { findVariant } from '#db/variants/variants.ts';
import { freeName } from '../names.ts';
import type { Workspace } from '../workspace.ts';
import { countSteps } from './training-pairs.ts';

/** The settings that a person may choose; what is left out comes from the kind's preset. */
export type RunSettings = Partial<Omit<TrainingConfig, 'kind' | 'architecture'>>;

export interface TrainRequest {
  /** Name or id of a variant, or null to train on a dataset as it is. */
  variant: string | null;
  /** Name or id; null takes the variant's. */
  dataset: string | null;
  architecture: ArchitectureName;
  /** null makes one. */
  name: string | null;
  settings: RunSettings;
}

export type DefenceMethod = Exclude<RunKind, 'train'>;

export interface DefendRequest {
  /** Name or id of the model, or of the run that made it. */
  model: string;
  /** Name or id of the clean data; null takes the dataset that the model was trained on, without its poison. */
  dataset: string | null;
  method: DefenceMethod;
  name: string | null;
  settings: RunSettings;
}

/**
 * A contrastive run from scratch, on a variant or on clean data.
 * @throws WorkbenchError `not-found` for a name; `bad-input` for settings, or too few pairs for a batch.
 */
export function planTraining(workspace: Workspace, request: TrainRequest): NewRun {
  const { db } = workspace;
  const variant = request.variant === null ? null : findVariant(db, request.variant);
  const dataset = datasetOf(workspace, request.dataset, variant);
  const config = completeConfig('train', request.architecture, request.settings);
  const made = variant === null ? `${dataset.name}-clean` : variant.name;
  return planRun(workspace, {
    name: request.name ?? `${made}-train`,
    nameIsGiven: request.name !== null,
    dataset,
    variantId: variant?.id ?? null,
    parentModelId: null,
    config,
  });
}

/**
 * A defence (or the control) that goes on from a model on the dataset's own pictures and captions, never a
 * variant's.
 * @throws WorkbenchError as {@link planTraining}; `conflict` where the model cannot be finetuned.
 */
export function planDefence(workspace: Workspace, request: DefendRequest): NewRun {
  const { db } = workspace;
  const model = findModel(db, request.model);
  if (model.spec.headClasses !== null) {
    throw new WorkbenchError(
      'conflict',
      `Model '${model.name}' has a linear head in place of its text tower: start from the model that it was made from.`,
      { model: model.id },
    );
  }
  const dataset = findDataset(db, request.dataset ?? findRun(db, model.runId).datasetId);
  const config = completeConfig(request.method, model.spec.architecture, request.settings);
  return planRun(workspace, {
    name: request.name ?? `${model.name}-${request.method}`,
    nameIsGiven: request.name !== null,
    dataset,
    variantId: null,
    parentModelId: model.id,
    config,
  });
}

function completeConfig(kind: RunKind, architecture: string, settings: RunSettings): TrainingConfig {
  const parsed = trainingConfigSchema.safeParse({ ...runPresets[kind], seed: 0, ...settings, architecture });
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new WorkbenchError('bad-input', `The settings do not hold together. ${reasons.join('; ')}.`, {
      issues: reasons,
    });
  }
  const { viewAugmentation, ...config } = parsed.data;
  // Only CleanCLIP has the term that lambda weighs, and the views.
  if (kind !== 'cleanclip') return { ...config, lambda: 0 };
  // The small views are left out, as runs of before have it: they compare and group as one.
  return viewAugmentation === 'autoaugment' ? parsed.data : config;
}

function datasetOf(workspace: Workspace, named: string | null, variant: Variant | null): Dataset {
  const { db } = workspace;
  if (variant === null) {
    if (named === null) {
      throw new WorkbenchError(
        'bad-input',
        'Name what to train on: --variant V, or --dataset D for clean data.',
      );
    }
    return findDataset(db, named);
  }
  const own = findDataset(db, variant.datasetId);
  if (named !== null && findDataset(db, named).id !== own.id) {
    throw new WorkbenchError(
      'bad-input',
      `Variant '${variant.name}' changes dataset '${own.name}', not '${named}': leave --dataset out.`,
      { variant: variant.id, dataset: named },
    );
  }
  return own;
}

interface RunParts {
  name: string;
  /** A name that the person gave must be free; one of ours gets a number where it is taken. */
  nameIsGiven: boolean;
  dataset: Dataset;
  variantId: string | null;
  parentModelId: string | null;
  config: TrainingConfig;
}

function planRun(workspace: Workspace, parts: RunParts): NewRun {
  const { dataset, variantId, parentModelId, config } = parts;
  const taken = new Set(parts.nameIsGiven ? [] : listRuns(workspace.db).map(({ name }) => name));
  return {
    name: freeName(parts.name, taken),
    kind: config.kind,
    config,
    datasetId: dataset.id,
    variantId,
    parentModelId,
    totalSteps: countSteps(workspace, { dataset, variantId, config }),
  };
}
