import type { PartRequest, VariantRequest } from '#contract/api/variants.ts';
import type { Dataset } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import {
  nextClass,
  type Recipe,
  recipeSchema,
  type Selection,
  type SelectionRequest,
  type Strategy,
} from '#contract/variant.ts';
import { isTriggerVisible } from '#core/triggers/trigger-registry.ts';
import { toMatchExpression } from '#db/captions/search-text.ts';
import { findDataset, listDatasets } from '#db/datasets/datasets.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import { findModel } from '#db/models/models.ts';
import { listVariantSummaries } from '#db/variants/variants.ts';
import type { Workspace } from '../workspace.ts';

/** From so many records on, a random choice goes by ranks: hashing every key would take seconds. */
export const rankedFrom = 200_000;

/**
 * The dataset and recipe that a request stands for; of two requests that mean the same, both have the same recipe.
 * @throws WorkbenchError `not-found` for the dataset or a model; `bad-input` for a class that the dataset lacks, a
 *   variant in place of a dataset, or settings that do not go together
 */
export function resolveRequest(
  workspace: Workspace,
  request: VariantRequest,
): { dataset: Dataset; recipe: Recipe } {
  const dataset = findOriginal(workspace, request.dataset);
  const { parts, resolution, seed } = request;
  const recipe = recipeSchema.parse({
    parts: parts.map((part) => resolvePart(workspace, dataset, part)),
    resolution,
    seed,
  });
  return { dataset, recipe };
}

function findOriginal({ db }: Workspace, nameOrId: string): Dataset {
  const known = listDatasets(db).some(({ id, name }) => id === nameOrId || name === nameOrId);
  const variant = known
    ? undefined
    : listVariantSummaries(db).find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (variant === undefined) return findDataset(db, nameOrId);
  const { name } = findDataset(db, variant.datasetId);
  throw new WorkbenchError(
    'bad-input',
    `'${variant.name}' is a variant, and variants are made of datasets alone: each poisoned picture follows from one original and one trigger, so that it can be made again. Poison its dataset '${name}' with several parts instead.`,
    { variantId: variant.id, datasetId: variant.datasetId },
  );
}

/** What of a part decides which records it may change, with nothing left out. */
interface AskedPart {
  target: string;
  strategy: Strategy;
  selection: SelectionRequest;
}

function resolvePart(workspace: Workspace, dataset: Dataset, request: PartRequest) {
  const { trigger, amount, captionTemplates = dataset.captionTemplates, captionTrigger } = request;
  const { strategy = 'templates', selection: asked = {} } = request;
  const part: AskedPart = { target: targetOf(request), strategy, selection: asked };
  checkTarget(dataset, part);
  if (!isTriggerVisible(trigger)) {
    throw new WorkbenchError(
      'bad-input',
      'The trigger changes nothing, since all of its parts are hidden or have no opacity: show one of them.',
      { kind: trigger.kind },
    );
  }
  const selection = resolveSelection(workspace, dataset, part);
  return {
    trigger,
    target: part.target,
    amount,
    captionTemplates,
    ...(strategy === 'templates' ? {} : { strategy }),
    ...(Object.keys(selection).length === 0 ? {} : { selection }),
    ...(captionTrigger === undefined ? {} : { captionTrigger }),
  };
}

function targetOf({ strategy, target }: PartRequest): string {
  if (strategy !== 'all-to-all') return target ?? '';
  if (target === undefined || target === nextClass) return nextClass;
  throw new WorkbenchError(
    'bad-input',
    `All-to-all has each class predicted as the next one: leave the target '${target}' out.`,
    { target },
  );
}

function checkTarget(dataset: Dataset, { target, strategy, selection }: AskedPart): void {
  if (strategy === 'all-to-all') {
    if (dataset.classes.length >= 2 && !dataset.classes.includes(nextClass)) return;
    const reason = dataset.classes.length < 2 ? 'two at least' : `none named '${nextClass}'`;
    throw new WorkbenchError(
      'bad-input',
      `All-to-all has each class predicted as the next one: dataset '${dataset.name}' must have classes, ${reason}. It has ${dataset.classes.length}.`,
      { classes: dataset.classes },
    );
  }
  if (dataset.classes.includes(target)) return;
  // Among records without a label a target is any word or phrase.
  if (target !== '' && selection.classes?.every((name) => name === null) === true) {
    if (strategy !== 'label-consistent' || toMatchExpression(selection.caption ?? '') !== null) return;
    throw new WorkbenchError(
      'bad-input',
      `Without labels, label-consistent takes records by the words of their captions: give --caption, for instance --caption '${target}'.`,
      { target },
    );
  }
  if (target === '')
    throw new WorkbenchError(
      'bad-input',
      `Choose the target class: of dataset '${dataset.name}', ${tellClasses(dataset)}.`,
      { target, classes: dataset.classes },
    );
  throw new WorkbenchError(
    'bad-input',
    `'${target}' is no class of dataset '${dataset.name}': ${tellClasses(dataset)}. Choose one of them, or poison records without a label (--unlabelled), for which any word is a target.`,
    { target, classes: dataset.classes },
  );
}

/** With one spelling for each meaning: what does not narrow is left out, lists have no repetitions and one order. */
function resolveSelection(
  workspace: Workspace,
  dataset: Dataset,
  { strategy, target, selection }: AskedPart,
): Selection {
  const { splits = [], classes = [], caption = '', includeTarget, allCaptions, order, recordIds } = selection;
  const wrong = classes.find((name) => name !== null && !dataset.classes.includes(name));
  if (wrong !== undefined) {
    throw new WorkbenchError(
      'bad-input',
      `'${wrong}' is no class of dataset '${dataset.name}': ${tellClasses(dataset)}. Choose among them.`,
      { class: wrong, classes: dataset.classes },
    );
  }
  const keepsTarget = strategy !== 'label-consistent' && strategy !== 'all-to-all' && includeTarget === true;
  const onlyTrain = splits.every((split) => split === 'train');
  const named = [...new Set(classes)].sort((a, b) => (a === null ? -1 : b === null ? 1 : a < b ? -1 : 1));
  const excluded = strategy === 'templates' || strategy === 'target-captions' ? !keepsTarget : false;
  if (excluded && named.length === 1 && named[0] === target) {
    throw new WorkbenchError(
      'bad-input',
      `Only pictures of the target class '${target}' are selected, and these stay unchanged. Include the target class, or choose the strategy label-consistent.`,
      { target },
    );
  }
  return {
    ...(onlyTrain
      ? {}
      : { splits: (['train', 'validation', 'test'] as const).filter((one) => splits.includes(one)) }),
    ...(named.length === 0 ? {} : { classes: named }),
    ...(toMatchExpression(caption) === null ? {} : { caption: caption.trim() }),
    ...(keepsTarget ? { includeTarget: true as const } : {}),
    ...(allCaptions === true ? { allCaptions: true as const } : {}),
    ...(recordIds === undefined ? {} : { keys: keysOf(workspace, dataset, recordIds) }),
    ...resolveOrder(workspace, dataset, strategy, order),
  };
}

/** @throws WorkbenchError `bad-input` where a record is not the dataset's */
function keysOf({ db }: Workspace, dataset: Dataset, recordIds: readonly number[]): string[] {
  const ids = [...new Set(recordIds)];
  const own = readRecords(db, ids).filter(({ datasetId }) => datasetId === dataset.id);
  if (own.length === ids.length) return own.map(({ key }) => key).sort();
  throw new WorkbenchError(
    'bad-input',
    `${ids.length - own.length} of the chosen records are not in dataset '${dataset.name}': choose them anew.`,
    { datasetId: dataset.id },
  );
}

function resolveOrder(
  { db }: Workspace,
  dataset: Dataset,
  strategy: Strategy,
  order: SelectionRequest['order'],
): Pick<Selection, 'order'> {
  if (order === undefined) return dataset.records < rankedFrom ? {} : { order: { kind: 'ranks' } };
  if (strategy === 'all-to-all') {
    throw new WorkbenchError(
      'bad-input',
      `All-to-all has no one target that pictures could be near to: leave the order by similarity out.`,
    );
  }
  const model = findModel(db, order.model);
  if (model.spec.headClasses !== null) {
    throw new WorkbenchError(
      'bad-input',
      `Model '${model.name}' has a linear head in place of its text tower, so nothing is near to a caption: choose the model that it was made from.`,
      { modelId: model.id },
    );
  }
  return { order: { kind: order.kind, weightsSha256: model.weightsSha256 } };
}

function tellClasses({ classes }: Dataset): string {
  return classes.length === 0 ? 'it has no labels' : `its classes are ${classes.join(', ')}`;
}
