import { implement } from '@orpc/server';
import { recordQuerySchema } from '#contract/api/datasets.ts';
import { type VariantView, type Verification, variantsApi } from '#contract/api/variants.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Variant, VariantRecord } from '#contract/variant.ts';
import { findDataset, locateDataset } from '#db/datasets/datasets.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import { refuseTakenName } from '#db/names.ts';
import {
  countByPart,
  findVariant,
  firstChanged,
  idsOfPart,
  insertVariant,
  readVariantRecords,
  usersOfVariant,
} from '#db/variants/variants.ts';
import { createRecordBrowser } from '#main/workbench/datasets/browsing/record-browser.ts';
import type { JobContext } from '#main/workbench/engine/job-context.ts';
import { exportVariant } from '#main/workbench/variants/export-variant.ts';
import { importVariant } from '#main/workbench/variants/import-variant.ts';
import { nameOrderModels } from '#main/workbench/variants/order-models.ts';
import { createPreviewer } from '#main/workbench/variants/preview-part.ts';
import { createVariant, removeVariant, showVariants } from '#main/workbench/variants/variants.ts';
import { verifyVariant } from '#main/workbench/variants/verify-variant.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import type { App } from '../app.ts';
import { pictureAddress, thumbnailAddress, triggeredAddress } from '../http/media-addresses.ts';
import type { JobPlan, JobResult } from '../jobs/job-list.ts';

const os = implement(variantsApi);

const shownPictures = 6;
const thumbnailSide = 96;
const shownMismatches = 500;

/** Removed variants that can be brought back. */
const keptRemoved = 20;

/** Poisoned variants of datasets, and what each of them changes. */
export function createVariantsRouter({
  workspace,
  jobs,
  events,
}: Pick<App, 'workspace' | 'jobs' | 'events'>) {
  const { db } = workspace;
  const browser = createRecordBrowser(db);
  const preview = createPreviewer(workspace, browser);
  const verifications = new Map<string, Verification>();
  const removed = new Map<string, { variant: Variant; records: VariantRecord[] }>();

  const view = (nameOrId: string) => {
    const variant = findVariant(db, nameOrId);
    return toView(workspace, variant, locateDataset(db, variant.datasetId).name);
  };
  const start = (
    title: string,
    topics: JobPlan['topics'],
    kind: JobPlan['kind'],
    work: (context: JobContext) => Promise<JobResult>,
  ) => ({
    jobId: jobs.start({ kind, title, topics }, work),
  });

  return os.router({
    list: os.list.handler(() =>
      showVariants(workspace).map(({ variant, dataset }) => toView(workspace, variant, dataset)),
    ),
    get: os.get.handler(({ input }) => view(input.variant)),
    preview: os.preview.handler(async ({ input: { part, ...input } }) => {
      const { examples, ...counts } = await preview(input, part);
      return {
        ...counts,
        examples: examples.map(({ record, newCaption }) => ({
          recordId: record.id,
          key: record.key,
          label: record.label,
          oldCaption: record.caption,
          newCaption,
          thumbnail: thumbnailAddress(record, thumbnailSide),
          picture: pictureAddress(record),
        })),
      };
    }),
    create: os.create.handler(({ input }) => {
      if (input.name !== undefined) refuseTakenName(db, 'variants', input.name);
      const plan: JobPlan = {
        kind: 'variant',
        title: `Poison ${findDataset(db, input.dataset).name}`,
        topics: ['variants', 'datasets'],
      };
      const toResult = ({ id }: Variant): JobResult => ({ kind: 'variant', id });
      const needsEngine = input.parts.some(({ selection }) => selection.order !== undefined);
      const jobId = needsEngine
        ? jobs.startInQueue(plan, async (engine, context) =>
            toResult(await createVariant(workspace, input, context, async (work) => work(await engine()))),
          )
        : jobs.start(plan, async (context) => toResult(await createVariant(workspace, input, context)));
      return { jobId };
    }),
    page: os.page.handler(async ({ input: { variant: nameOrId, text, part, labels, offset, limit } }) => {
      const { id, datasetId } = findVariant(db, nameOrId);
      const query = recordQuerySchema.parse({
        dataset: datasetId,
        variant: id,
        poisonedIn: [id],
        text,
        labels,
      });
      const found = Array.from(await browser.ids(query));
      const ids = part === undefined ? found : idsOfPart(db, id, part, found);
      const shown = ids.slice(offset, offset + limit);
      const originals = new Map(readRecords(db, shown).map((record) => [record.id, record]));
      const rows = readVariantRecords(db, id, shown).flatMap((change) => {
        const original = originals.get(change.recordId);
        if (original === undefined) return [];
        const clean = thumbnailAddress(original, thumbnailSide);
        const poisoned = triggeredAddress(id, change.recordId, thumbnailSide);
        return [{ ...change, label: original.label, clean, poisoned }];
      });
      return { total: ids.length, rows };
    }),
    verify: os.verify.handler(({ input }) => {
      const { id, name } = findVariant(db, input.variant);
      return start(`Verify ${name}`, ['variants'], 'variant', async (context) => {
        const { variant: _, mismatches, ...check } = await verifyVariant(workspace, id, context);
        verifications.set(id, { ...check, mismatches: mismatches.slice(0, shownMismatches) });
        return { kind: 'variant', id };
      });
    }),
    verification: os.verification.handler(
      ({ input }) => verifications.get(findVariant(db, input.variant).id) ?? null,
    ),
    export: os.export.handler(({ input }) => {
      const { name } = findVariant(db, input.variant);
      return start(`Export ${name}`, [], 'export', async (context) => {
        const { folder } = await exportVariant(workspace, input, context);
        return { kind: 'export', id: folder };
      });
    }),
    import: os.import.handler(({ input: { folder, dataset = null, name = null } }) => {
      if (name !== null) refuseTakenName(db, 'variants', name);
      return start('Import a variant', ['variants', 'datasets'], 'import', async (context) => {
        const { id } = await importVariant(workspace, { folder, dataset, name }, context);
        return { kind: 'variant', id };
      });
    }),
    remove: os.remove.handler(({ input }) => {
      const gone = removeVariant(workspace, input.variant);
      removed.set(gone.variant.id, gone);
      for (const oldest of removed.keys()) if (removed.size > keptRemoved) removed.delete(oldest);
      events.changed('variants', 'datasets');
      return { removed: true };
    }),
    restore: os.restore.handler(({ input: { variantId } }) => {
      const gone = removed.get(variantId);
      if (gone === undefined) {
        throw new WorkbenchError(
          'not-found',
          'This variant cannot be brought back: the program was started anew. Make it again; the same recipe gives the same variant.',
          { variantId },
        );
      }
      insertVariant(db, gone.variant, gone.records);
      removed.delete(variantId);
      events.changed('variants', 'datasets');
      return view(variantId);
    }),
  });
}

function toView(workspace: Workspace, variant: Variant, dataset: string): VariantView {
  const { db } = workspace;
  const thumbnails = firstChanged(db, variant.id, shownPictures).map((recordId) =>
    triggeredAddress(variant.id, recordId, thumbnailSide),
  );
  return {
    ...variant,
    dataset,
    changedByPart: countByPart(db, variant.id),
    models: nameOrderModels(workspace, variant.recipe),
    uses: usersOfVariant(db, variant.id).length,
    thumbnails,
  };
}
