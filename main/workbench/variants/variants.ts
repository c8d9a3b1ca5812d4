import type { VariantRequest } from '#contract/api/variants.ts';
import { type Dataset, type DatasetRecord, pictureKeyOf } from '#contract/dataset.ts';
import type { Recipe, RecipePart, Variant, VariantRecord } from '#contract/variant.ts';
import { whenWritable } from '#db/busy.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { readPictureRecords } from '#db/datasets/record-rows.ts';
import type { Database } from '#db/open.ts';
import {
  deleteVariant,
  findVariant,
  insertVariant,
  iterateVariantRecords,
  listVariantSummaries,
  listVariants,
} from '#db/variants/variants.ts';
import { mapInOrder, pictureConcurrency } from '#main/data/map-in-order.ts';
import { stopIfAsked } from '../engine/interrupts.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import { freeName } from '../names.ts';
import type { Workspace } from '../workspace.ts';
import { type Chooser, chooseRecords, type UseEngine } from './choose-records.ts';
import { hashManifest } from './manifest.ts';
import { hashRendered } from './render-record.ts';
import { resolveRequest } from './variant-request.ts';
import { createCaptionWriter } from './write-captions.ts';

/**
 * Makes a poisoned variant: each part of the recipe chooses records, gives each a caption, and renders each picture
 * with its trigger to note the hash. Only the changed records are stored. The manifest's hash follows from the recipe
 * and the data alone: neither from ids nor from the order of the import.
 *
 * @param useEngine gives the engine, which only an order by similarity needs; left out, one is started
 * @throws WorkbenchError those of resolveRequest, chooseRecords and createCaptionWriter; `conflict` where the name is
 *   taken; `cancelled`.
 */
export async function createVariant(
  workspace: Workspace,
  request: VariantRequest,
  context: JobContext,
  useEngine: UseEngine = (work) => withEngine(workspace, context, work),
): Promise<Variant> {
  const { db } = workspace;
  const { dataset, recipe } = resolveRequest(workspace, request);
  const planned = await planChanges({ workspace, context, useEngine }, dataset, recipe);
  const changed: VariantRecord[] = [];
  const rendered = mapInOrder(planned, pictureConcurrency, async ({ record, ...change }) => {
    const renderedSha256 = await hashRendered(dataset, recipe, record, change.part);
    return { ...change, renderedSha256 };
  });
  for await (const change of rendered) {
    stopIfAsked(context.interrupt, 'No variant was made.');
    changed.push(change);
    context.reporter.progress('rendering', changed.length, planned.length);
  }
  return whenWritable(db, () =>
    insertVariant(
      db,
      {
        name: request.name ?? nameVariant(db, dataset, recipe, changed.length),
        datasetId: dataset.id,
        recipe,
        manifestSha256: hashManifest(recipe, changed),
      },
      changed,
    ),
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

/**
 * Removes a variant; its dataset and pictures stay as they are. Made again from its recipe, it is the same.
 * @throws WorkbenchError `not-found`; `conflict` where runs or evaluations use it, with their names
 */
export function removeVariant(
  { db }: Workspace,
  nameOrId: string,
): { variant: Variant; records: VariantRecord[] } {
  return deleteVariant(db, nameOrId);
}

type PlannedChange = Omit<VariantRecord, 'renderedSha256'> & { record: DatasetRecord };

async function planChanges(chooser: Chooser, dataset: Dataset, recipe: Recipe): Promise<PlannedChange[]> {
  const { db } = chooser.workspace;
  const changes: PlannedChange[] = [];
  const taken = new Set<number>();
  for (const [place, part] of recipe.parts.entries()) {
    stopIfAsked(chooser.context.interrupt, 'No variant was made.');
    const chosen: DatasetRecord[] = await chooseRecords(chooser, dataset, recipe, part, taken);
    const writeCaption = createCaptionWriter(db, dataset, recipe, part);
    for (const record of withCaptions(db, dataset, part, chosen, taken)) {
      taken.add(record.id);
      changes.push({
        record,
        recordId: record.id,
        key: record.key,
        oldCaption: record.caption,
        newCaption: writeCaption(record),
        part: place,
      });
    }
  }
  return changes;
}

/** The chosen pairs; with all captions also the other pairs of their pictures in the same splits. */
function* withCaptions(
  db: Database,
  dataset: Dataset,
  { selection = {} }: RecipePart,
  chosen: readonly DatasetRecord[],
  taken: ReadonlySet<number>,
): Generator<DatasetRecord, void> {
  if (selection.allCaptions !== true) return yield* chosen;
  const { splits = ['train'] } = selection;
  for (const record of chosen) {
    for (const one of readPictureRecords(db, dataset.id, pictureKeyOf(record))) {
      if (splits.includes(one.split) && !taken.has(one.id)) yield one;
    }
  }
}

/** A free name that tells what a variant is. */
export function nameVariant(db: Database, dataset: Dataset, recipe: Recipe, changed: number): string {
  const parts = recipe.parts.map(({ trigger, target }) => `${trigger.kind}-${target.replaceAll(' ', '-')}`);
  const told = parts.length > 2 ? [`${parts.length}-triggers`] : parts;
  const taken = new Set(listVariantSummaries(db).map(({ name }) => name));
  const name = `${dataset.name}-${told.join('-')}-${changed}`;
  return freeName(name.length <= 190 ? name : `variant-${changed}`, taken);
}
