import { implement } from '@orpc/server';
import { type VariantView, type Verification, variantsApi } from '#contract/api/variants.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Variant, VariantRecord } from '#contract/variant.ts';
import { createRecordBrowser } from '#main/workbench/datasets/browsing/record-browser.ts';
import { describeDataset } from '#main/workbench/datasets/datasets.ts';
import type { JobContext } from '#main/workbench/engine/job-context.ts';
import { refuseName } from '#main/workbench/names.ts';
import { exportVariant } from '#main/workbench/variants/export-variant.ts';
import { importVariant } from '#main/workbench/variants/import-variant.ts';
import { createPreviewer } from '#main/workbench/variants/preview-part.ts';
import {
  pageChanges,
  restoreVariant,
  type ShownVariant,
  showVariant,
  viewVariant,
} from '#main/workbench/variants/variant-views.ts';
import { createVariant, removeVariant, showVariants } from '#main/workbench/variants/variants.ts';
import { verifyVariant } from '#main/workbench/variants/verify-variant.ts';
import type { App } from '../app.ts';
import { pictureAddress, thumbnailAddress, triggeredAddress } from '../http/media-addresses.ts';
import type { JobPlan, JobResult } from '../jobs/job-list.ts';
import { forWindow } from '../window-words.ts';

const os = implement(variantsApi);

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
  const browser = createRecordBrowser(workspace);
  const preview = createPreviewer(workspace, browser);
  const verifications = new Map<string, Verification>();
  const removed = new Map<string, { variant: Variant; records: VariantRecord[] }>();

  const view = (nameOrId: string) => toView(showVariant(workspace, nameOrId));
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
      showVariants(workspace).map(({ variant, dataset }) => toView(viewVariant(workspace, variant, dataset))),
    ),
    get: os.get.handler(({ input }) => view(input.variant)),
    preview: os.preview.handler(async ({ input: { part, ...input } }) => {
      const { examples, ...counts } = await preview(input, part);
      return {
        ...counts,
        problem: counts.problem === null ? null : forWindow(counts.problem),
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
      if (input.name !== undefined) refuseName(workspace, 'variant', input.name);
      const plan: JobPlan = {
        kind: 'variant',
        title: `Poison ${describeDataset(workspace, input.dataset).dataset.name}`,
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
    page: os.page.handler(async ({ input }) => {
      const { variantId, total, rows } = await pageChanges(workspace, browser, input);
      return {
        total,
        rows: rows.map(({ change, original }) => ({
          ...change,
          label: original.label,
          clean: thumbnailAddress(original, thumbnailSide),
          poisoned: triggeredAddress(variantId, change.recordId, thumbnailSide),
        })),
      };
    }),
    verify: os.verify.handler(({ input }) => {
      const { id, name } = showVariant(workspace, input.variant);
      return start(`Verify ${name}`, ['variants'], 'variant', async (context) => {
        const { variant: _, mismatches, ...check } = await verifyVariant(workspace, id, context);
        verifications.set(id, { ...check, mismatches: mismatches.slice(0, shownMismatches) });
        return { kind: 'variant', id };
      });
    }),
    verification: os.verification.handler(
      ({ input }) => verifications.get(showVariant(workspace, input.variant).id) ?? null,
    ),
    export: os.export.handler(({ input }) => {
      const { name } = showVariant(workspace, input.variant);
      return start(`Export ${name}`, [], 'export', async (context) => {
        const { folder } = await exportVariant(workspace, input, context);
        return { kind: 'export', id: folder };
      });
    }),
    import: os.import.handler(({ input: { folder, dataset = null, name = null } }) => {
      if (name !== null) refuseName(workspace, 'variant', name);
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
      restoreVariant(workspace, gone);
      removed.delete(variantId);
      events.changed('variants', 'datasets');
      return view(variantId);
    }),
  });
}

function toView({ firstChanged, ...variant }: ShownVariant): VariantView {
  const thumbnails = firstChanged.map((recordId) => triggeredAddress(variant.id, recordId, thumbnailSide));
  return { ...variant, thumbnails };
}
