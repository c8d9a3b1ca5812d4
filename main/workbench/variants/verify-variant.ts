import { toWireError } from '#contract/errors.ts';
import type { Mismatch, Variant, VariantRecord } from '#contract/variant.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import { findVariant, iterateVariantRecords } from '#db/variants/variants.ts';
import { mapInOrder, pictureConcurrency } from '#main/data/map-in-order.ts';
import { stopIfAsked } from '../engine/interrupts.ts';
import type { JobContext } from '../engine/job-context.ts';
import type { Workspace } from '../workspace.ts';
import { hashManifest } from './manifest.ts';
import { hashRendered } from './render-record.ts';
import { createCaptionWriter } from './write-captions.ts';

/** What a look at every changed record found. */
export interface VariantCheck {
  variant: Variant;
  checkedAt: string;
  records: number;
  ok: boolean;
  mismatches: Mismatch[];
}

/**
 * Makes every changed record of a variant again from its original and the recipe, picture and caption, and compares
 * it with the manifest, and the manifest with its hash. A picture that cannot be made is a mismatch too.
 * @throws WorkbenchError `not-found`; `cancelled`
 */
export async function verifyVariant(
  { db }: Workspace,
  nameOrId: string,
  { reporter, interrupt }: JobContext,
): Promise<VariantCheck> {
  const variant = findVariant(db, nameOrId);
  const dataset = findDataset(db, variant.datasetId);
  const { recipe } = variant;
  const writers = recipe.parts.map((part) => createCaptionWriter(db, dataset, recipe, part));
  const records = [...iterateVariantRecords(db, variant.id)];

  const check = async (record: VariantRecord): Promise<Mismatch[]> => {
    const { key, part } = record;
    const [original] = readRecords(db, [record.recordId]);
    const compare = (what: Mismatch['what'], expected: string, found: string): Mismatch[] =>
      found === expected ? [] : [{ key, what, expected, found }];
    const writeCaption = writers[part];
    return [
      ...compare('old caption', record.oldCaption, original?.caption ?? 'no such record'),
      ...compare(
        'new caption',
        record.newCaption,
        original === undefined || writeCaption === undefined
          ? 'no such record'
          : tell(() => writeCaption(original)),
      ),
      ...compare(
        'picture',
        record.renderedSha256,
        original === undefined
          ? 'no such record'
          : await hashRendered(dataset, recipe, original, part).catch((error) => toWireError(error).message),
      ),
    ];
  };

  const mismatches: Mismatch[] = [];
  let done = 0;
  for await (const found of mapInOrder(records, pictureConcurrency, check)) {
    stopIfAsked(interrupt, 'The variant is as it was.');
    mismatches.push(...found);
    done += 1;
    reporter.progress('rendering again', done, records.length);
  }
  const manifest = hashManifest(recipe, records);
  if (manifest !== variant.manifestSha256) {
    mismatches.push({ key: null, what: 'manifest', expected: variant.manifestSha256, found: manifest });
  }
  return {
    variant,
    checkedAt: new Date().toISOString(),
    records: records.length,
    ok: mismatches.length === 0,
    mismatches,
  };
}

/** A text, or why there is none. */
function tell(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return toWireError(error).message;
  }
}
