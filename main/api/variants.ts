import { implement } from '@orpc/server';
import { recordQuerySchema } from '#contract/api/datasets.ts';
import { type VariantView, variantsApi } from '#contract/api/variants.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Variant } from '#contract/variant.ts';
import { locateDataset } from '#db/datasets.ts';
import { readRecords } from '#db/record-rows.ts';
import {
  countByPart,
  findVariant,
  firstChanged,
  idsOfPart,
  readVariantRecords,
  usersOfVariant,
} from '#db/variants.ts';
import { createRecordBrowser } from '#main/workbench/browsing/record-browser.ts';
import { createVariant, showVariants } from '#main/workbench/variants.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import type { App } from './app.ts';
import { thumbnailAddress, triggeredAddress } from './media-addresses.ts';

const os = implement(variantsApi);

const shownPictures = 6;
const thumbnailSide = 96;

/** Poisoned variants of datasets, and what each of them changes. */
export function createVariantsRouter({ workspace, jobs }: Pick<App, 'workspace' | 'jobs'>) {
  const { db } = workspace;
  const browser = createRecordBrowser(db);
  return os.router({
    list: os.list.handler(() =>
      showVariants(workspace).map(({ variant, dataset }) => toView(workspace, variant, dataset)),
    ),
    get: os.get.handler(({ input }) => {
      const variant = findVariant(db, input.variant);
      return toView(workspace, variant, locateDataset(db, variant.datasetId).name);
    }),
    create: os.create.handler(({ input }) => {
      const { name, dataset, resolution, parts, seed } = input;
      const [first] = parts;
      if (first?.target === undefined) return notYet();
      const { trigger, target, amount, captionTemplates = null } = first;
      const recipe = { trigger, resolution, target, amount, captionTemplates, seed };
      const jobId = jobs.start(
        { kind: 'variant', title: `Poison ${dataset}`, topics: ['variants', 'datasets'] },
        async (context) => {
          const made = await createVariant(workspace, { dataset, name: name ?? null, recipe }, context);
          return { kind: 'variant', id: made.id };
        },
      );
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
    preview: os.preview.handler(notYet),
    verify: os.verify.handler(notYet),
    verification: os.verification.handler(() => null),
    export: os.export.handler(notYet),
    import: os.import.handler(notYet),
    remove: os.remove.handler(notYet),
    restore: os.restore.handler(notYet),
  });
}

function toView({ db }: Workspace, variant: Variant, dataset: string): VariantView {
  const thumbnails = firstChanged(db, variant.id, shownPictures).map((recordId) =>
    triggeredAddress(variant.id, recordId, thumbnailSide),
  );
  return {
    ...variant,
    dataset,
    changedByPart: countByPart(db, variant.id),
    models: {},
    uses: usersOfVariant(db, variant.id).length,
    thumbnails,
  };
}

function notYet(): never {
  throw new WorkbenchError('unavailable', 'This is being built.');
}
