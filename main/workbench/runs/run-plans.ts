import { architectureNames, hasBatchNorm } from '#contract/architectures.ts';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { Dataset } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { pairEpochsOf } from '#contract/methods/cleanclip.ts';
import { mixOf, partsOf } from '#contract/methods/common-settings.ts';
import { loopOf, methodOf } from '#contract/methods/method-registry.ts';
import type { Model, NewRun, RunConfig, RunData } from '#contract/run.ts';
import type { Variant } from '#contract/variant.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { findModel } from '#db/models/models.ts';
import { listRunNames } from '#db/runs/runs.ts';
import { findVariant } from '#db/variants/variants.ts';
import { lastDatasetOf } from '../models/ancestry.ts';
import { freeName } from '../names.ts';
import type { Workspace } from '../workspace.ts';
import { countSteps, type PairChoice, poisonedBefore } from './training-pairs.ts';

/** A run as it is asked for: in its configuration, names may stand for the ids of data and start model. */
export interface RunPlanRequest {
  /** null makes one. */
  name: string | null;
  config: RunConfig;
}

/**
 * A run with everything that follows from its configuration: any method on any start and any data.
 * @throws WorkbenchError `not-found` for a name; `bad-input` where the method cannot do with its start or data, or
 *   there are too few pairs for a batch
 */
export function planRun(workspace: Workspace, { name, config }: RunPlanRequest): NewRun {
  const model = config.start.kind === 'scratch' ? null : findModel(workspace.db, config.start.model);
  const { dataset, variant } = findData(workspace, config.data);
  const architecture = config.start.kind === 'scratch' ? config.start.architecture : model?.spec.architecture;
  if (architecture === undefined) throw new RangeError('A start is from scratch or from a model.');
  if (model === null) refuseUnknownArchitecture(architecture);
  refuseUnfit(config, model?.spec ?? null, variant);
  refuseParts(config, model?.spec ?? null, architecture);
  const resolved: RunConfig = {
    ...config,
    start: model === null ? config.start : { kind: 'model', model: model.id },
    data: { ...config.data, id: variant?.id ?? dataset.id },
  };
  const choice: PairChoice = {
    dataset,
    variantId: variant?.id ?? null,
    config: resolved,
    poisoned: poisonedBefore(workspace, dataset, resolved),
  };
  const taken = new Set(name === null ? listRunNames(workspace.db) : []);
  return {
    name: freeName(name ?? nameFor(config, dataset, variant, model), taken),
    config: resolved,
    architecture,
    datasetId: dataset.id,
    variantId: choice.variantId,
    parentModelId: model?.id ?? null,
    totalSteps: countSteps(workspace, choice),
    leftOut: choice.poisoned.size,
  };
}

/** The data of a repair that names none: the dataset that the model was last trained on, without its poison. */
export function dataOfModel(workspace: Workspace, nameOrId: string): Pick<RunData, 'kind' | 'id'> {
  return { kind: 'dataset', id: lastDatasetOf(workspace, findModel(workspace.db, nameOrId)) };
}

function findData({ db }: Workspace, data: RunData): { dataset: Dataset; variant: Variant | null } {
  if (data.kind === 'dataset') return { dataset: findDataset(db, data.id), variant: null };
  const variant = findVariant(db, data.id);
  return { dataset: findDataset(db, variant.datasetId), variant };
}

function refuseUnknownArchitecture(architecture: string): void {
  if (architectureNames.some((known) => known === architecture)) return;
  throw new WorkbenchError(
    'bad-input',
    `There is no architecture '${architecture}': choose one of ${architectureNames.join(', ')}.`,
    { architecture },
  );
}

/** @param spec the start model's; null from scratch */
function refuseUnfit(config: RunConfig, spec: ModelSpec | null, variant: Variant | null): void {
  const { method, start } = config;
  const { label, needs } = methodOf(method);
  const refuse = (why: string) => {
    throw new WorkbenchError('bad-input', why, { method });
  };
  if (needs.startModel && start.kind === 'scratch') {
    refuse(`${label} goes on from a model: name the one to start from.`);
  }
  if (mixOf(config.settings) < 1 && start.kind === 'scratch') {
    refuse(
      'Weights are mixed with those of the model that a run starts from: name one to start from, or set the mixing coefficient to 1.',
    );
  }
  const { epochs } = loopOf(config.settings);
  if (pairEpochsOf(config.settings) >= Math.max(epochs, 1)) {
    refuse(
      `All ${epochs} epochs would be on pairs alone, which is MMCL: set fewer last epochs on pairs, or choose MMCL.`,
    );
  }
  if (needs.knownPoison && variant === null) {
    refuse(`${label} must know which pairs are poisoned: choose a variant as its data.`);
  }
  const tower = spec?.clip.image.kind;
  if (needs.imageTowers !== null && tower !== undefined && !needs.imageTowers.includes(tower)) {
    refuse(`${label} works on image towers of the kind ${needs.imageTowers.join(' or ')}, not on ${tower}.`);
  }
}

/** A batch is cut into equal parts, and batch norms see parts only where that was said. */
function refuseParts({ settings }: RunConfig, spec: ModelSpec | null, architecture: string): void {
  const parts = partsOf(settings);
  if (parts === null) return;
  const { batchSize, partSize, partBatchNorm } = parts;
  if (batchSize % partSize !== 0) {
    throw new WorkbenchError(
      'bad-input',
      `A batch of ${batchSize} cannot be cut into parts of ${partSize}: choose a part size that divides the batch size.`,
      { batchSize, partSize },
    );
  }
  const normalises = spec === null ? hasBatchNorm(architecture) : spec.clip.image.kind === 'modified-resnet';
  if (!normalises || partBatchNorm) return;
  throw new WorkbenchError(
    'bad-input',
    `${architecture} has batch norms, which would see parts of ${partSize} pairs in place of the batch of ${batchSize}: switch on 'Batch norm by parts' to train that way, or set the part size to 0.`,
    { architecture, partSize },
  );
}

/** What a run is called where nobody named it. */
function nameFor(
  { method }: RunConfig,
  dataset: Dataset,
  variant: Variant | null,
  model: Model | null,
): string {
  if (model !== null) return `${model.name}-${method}`;
  const made = variant === null ? `${dataset.name}-clean` : variant.name;
  return `${made}-${methodOf(method).role === 'training' ? 'train' : method}`;
}
