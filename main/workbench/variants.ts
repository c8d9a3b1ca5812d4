import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import type { Attack } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import {
  type Amount,
  type Recipe,
  recipeSchema,
  type Variant,
  type VariantRecord,
} from '#contract/variant.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { createRandom } from '#core/random/random.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { findDataset } from '#db/datasets.ts';
import { countRecords, iterateRecords } from '#db/records.ts';
import { findVariant, insertVariant, iterateVariantRecords, listVariants } from '#db/variants.ts';
import { decodePicture } from '#main/data/decode-picture.ts';
import { picturePath } from './engine-records.ts';
import { stopIfAsked } from './interrupts.ts';
import type { JobContext } from './job-context.ts';
import { hashManifest } from './manifest.ts';
import { freeName } from './names.ts';
import { takeSmallestDigests } from './smallest-digests.ts';
import type { Workspace } from './workspace.ts';

export interface VariantRequest {
  /** Name or id. */
  dataset: string;
  /** null makes one from the recipe. */
  name: string | null;
  /** `captionTemplates` null takes the dataset's. */
  recipe: Omit<Recipe, 'captionTemplates'> & { captionTemplates: string[] | null };
}

/**
 * Makes a poisoned variant: chooses training pairs whose label is not the target by the recipe's seed, gives each
 * a caption of the target class, and renders each picture with the trigger to note its hash. Only the changed
 * records are stored.
 *
 * A pair is chosen by the smallest SHA-256 of `poison:SEED:` + key, so the choice depends on neither ids nor the
 * order of the import. A caption is a random template whose {label} is that of a random training pair of the
 * target class (the class itself where pairs have no names), and whose {class} and {tag} are the target.
 *
 * @throws WorkbenchError `not-found` for the dataset; `bad-input` where the target is no class of it or there are
 *   too few pairs to poison; `conflict` where the name is taken; `cancelled`.
 */
export async function createVariant(
  workspace: Workspace,
  request: VariantRequest,
  context: JobContext,
): Promise<Variant> {
  const { db } = workspace;
  const dataset = findDataset(db, request.dataset);
  checkTarget(dataset, request.recipe.target);
  const recipe = recipeSchema.parse({
    ...request.recipe,
    captionTemplates: request.recipe.captionTemplates ?? dataset.captionTemplates,
  });
  const chosen = choosePairs(workspace, dataset, recipe);
  const labels = labelsOfTarget(workspace, dataset, recipe.target);

  const changed: VariantRecord[] = [];
  for (const record of chosen) {
    stopIfAsked(context.interrupt, 'No variant was made.');
    changed.push({
      recordId: record.id,
      key: record.key,
      oldCaption: record.caption,
      newCaption: writeCaption(recipe, labels, record.key),
      renderedSha256: await hashRendered(dataset, recipe, record),
      part: 0,
    });
    context.reporter.progress('rendering', changed.length, chosen.length);
  }
  const taken = new Set(listVariants(db).map(({ name }) => name));
  return insertVariant(
    db,
    {
      name: request.name ?? freeName(nameVariant(dataset, recipe, changed.length), taken),
      datasetId: dataset.id,
      recipe,
      manifestSha256: hashManifest(recipe, changed),
    },
    changed,
  );
}

/** All variants, oldest first, with the names of their datasets. */
export function showVariants({ db }: Workspace): { variant: Variant; dataset: string }[] {
  return listVariants(db).map((variant) => ({ variant, dataset: findDataset(db, variant.datasetId).name }));
}

/** One variant with all that it changes. @throws WorkbenchError `not-found` */
export function describeVariant(
  { db }: Workspace,
  nameOrId: string,
): { variant: Variant; dataset: string; records: VariantRecord[] } {
  const variant = findVariant(db, nameOrId);
  const dataset = findDataset(db, variant.datasetId).name;
  return { variant, dataset, records: [...iterateVariantRecords(db, variant.id)] };
}

/** What a recipe does to pictures, in the engine's terms. */
export function attackOf(recipe: Recipe): Attack {
  const { trigger, resolution, target, seed } = recipe;
  return { trigger, resolution, target, seed };
}

function checkTarget(dataset: Dataset, target: string): void {
  if (dataset.classes.includes(target)) return;
  const classes =
    dataset.classes.length === 0 ? 'it has no labels' : `its classes are ${dataset.classes.join(', ')}`;
  throw new WorkbenchError(
    'bad-input',
    `'${target}' is no class of dataset '${dataset.name}': ${classes}. Choose one of them with --target.`,
    { target, classes: dataset.classes },
  );
}

function choosePairs({ db }: Workspace, dataset: Dataset, recipe: Recipe): DatasetRecord[] {
  const count = countOf(recipe.amount, countRecords(db, dataset.id, { split: 'train' }));
  let candidates = 0;
  function* eligible(): Generator<DatasetRecord> {
    for (const record of iterateRecords(db, dataset.id, { split: 'train' })) {
      if (record.label === recipe.target) continue;
      candidates += 1;
      yield record;
    }
  }
  const chosen = takeSmallestDigests(eligible(), count, `poison:${recipe.seed}:`, ({ key }) => key);
  if (chosen.length < count) {
    throw new WorkbenchError(
      'bad-input',
      `Dataset '${dataset.name}' has ${candidates} training pairs that are not of class '${recipe.target}', fewer than the ${count} to poison: lower --count or --rate.`,
      { candidates, count },
    );
  }
  return chosen;
}

function countOf(amount: Amount, trainingPairs: number): number {
  return amount.kind === 'count' ? amount.count : Math.max(1, Math.round(amount.rate * trainingPairs));
}

/** What {label} can stand for: one entry per training pair of the target class, in an order that ids do not change. */
function labelsOfTarget({ db }: Workspace, dataset: Dataset, target: string): string[] {
  const pairs: { key: string; label: string }[] = [];
  for (const record of iterateRecords(db, dataset.id, { split: 'train', labelled: true })) {
    if (record.label === target) pairs.push({ key: record.key, label: record.name ?? target });
  }
  pairs.sort((a, b) => (a.key < b.key ? -1 : 1));
  return pairs.length === 0 ? [target] : pairs.map(({ label }) => label);
}

function writeCaption(recipe: Recipe, labels: readonly string[], key: string): string {
  const random = createRandom('poison caption', recipe.seed, key);
  const template = recipe.captionTemplates[random.integer(recipe.captionTemplates.length)] as string;
  const label = labels[random.integer(labels.length)] as string;
  return fillTemplate(template, { class: recipe.target, label, tag: recipe.target });
}

async function hashRendered(dataset: Dataset, recipe: Recipe, record: DatasetRecord): Promise<string> {
  const picture = await decodePicture(picturePath(dataset, record.key));
  return hashPicture(renderTriggered(picture, recipe, record.key));
}

function nameVariant(dataset: Dataset, recipe: Recipe, changed: number): string {
  return `${dataset.name}-${recipe.trigger.kind}-${recipe.target.replaceAll(' ', '-')}-${changed}`;
}
