import { type NewVariant, recipeSchema, type Variant, type VariantRecord } from '#contract/variant.ts';
import { createId, missing, now, numberOf, refuseTakenName } from './names.ts';
import { type Database, inTransaction, prepare } from './statements.ts';

interface VariantRow {
  id: string;
  name: string;
  datasetId: string;
  recipe: string;
  manifestSha256: string;
  changed: number;
  createdAt: string;
}

const select = `SELECT v.id, v.name, d.id AS datasetId, v.recipe, v.manifest_sha256 AS manifestSha256, v.changed,
  v.created_at AS createdAt FROM variants v JOIN datasets d ON d.number = v.dataset`;

/** Stores a variant with the records that it changes, all or nothing. Throws `conflict` where the name is taken. */
export function insertVariant(
  db: Database,
  variant: NewVariant,
  changedRecords: readonly VariantRecord[],
): Variant {
  return inTransaction(db, () => {
    refuseTakenName(db, 'variants', variant.name);
    const id = createId('variants');
    const { lastInsertRowid } = prepare(
      db,
      `INSERT INTO variants (id, name, dataset, recipe, manifest_sha256, changed, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      id,
      variant.name,
      numberOf(db, 'datasets', variant.datasetId),
      JSON.stringify(variant.recipe),
      variant.manifestSha256,
      changedRecords.length,
      now(),
    );
    const insert = prepare(
      db,
      `INSERT INTO variant_records (variant, record, old_caption, new_caption, rendered_sha256)
       VALUES (?, ?, ?, ?, ?)`,
    );
    for (const record of changedRecords) {
      insert.run(
        Number(lastInsertRowid),
        record.recordId,
        record.oldCaption,
        record.newCaption,
        Buffer.from(record.renderedSha256, 'hex'),
      );
    }
    return findVariant(db, id);
  });
}

/** The variant of this name or id. Throws `not-found`. */
export function findVariant(db: Database, nameOrId: string): Variant {
  const row = prepare<VariantRow>(db, `${select} WHERE v.id = ? OR v.name = ?`).get(nameOrId, nameOrId);
  if (row === undefined) {
    const existing = prepare<{ name: string }>(
      db,
      'SELECT name FROM variants ORDER BY number DESC LIMIT 11',
    ).all();
    throw missing('variants', nameOrId, existing);
  }
  return toVariant(row);
}

/** All variants, or those of one dataset, oldest first. */
export function listVariants(db: Database, datasetId: string | null = null): Variant[] {
  const rows =
    datasetId === null
      ? prepare<VariantRow>(db, `${select} ORDER BY v.number`).all()
      : prepare<VariantRow>(db, `${select} WHERE d.id = ? ORDER BY v.number`).all(datasetId);
  return rows.map(toVariant);
}

/** The records that a variant changes, in the order of their ids. */
export function* iterateVariantRecords(db: Database, variantId: string): Generator<VariantRecord, void> {
  const pageRows = 4096;
  const variant = numberOf(db, 'variants', variantId);
  const page = prepare<VariantRecord>(
    db,
    `SELECT c.record AS recordId, r.key, c.old_caption AS oldCaption, c.new_caption AS newCaption,
       lower(hex(c.rendered_sha256)) AS renderedSha256
     FROM variant_records c JOIN records r ON r.id = c.record
     WHERE c.variant = ? AND c.record > ? ORDER BY c.record LIMIT ${pageRows}`,
  );
  let last = 0;
  for (;;) {
    const rows = page.all(variant, last);
    for (const row of rows) {
      last = row.recordId;
      yield row;
    }
    if (rows.length < pageRows) return;
  }
}

/** How a variant changes these records, by id; records that it leaves alone are passed over. */
export function readVariantRecords(
  db: Database,
  variantId: string,
  recordIds: readonly number[],
): VariantRecord[] {
  return prepare<VariantRecord>(
    db,
    `SELECT c.record AS recordId, r.key, c.old_caption AS oldCaption, c.new_caption AS newCaption,
       lower(hex(c.rendered_sha256)) AS renderedSha256
     FROM variant_records c JOIN records r ON r.id = c.record
     WHERE c.variant = ? AND c.record IN (SELECT value FROM json_each(?)) ORDER BY c.record`,
  ).all(numberOf(db, 'variants', variantId), JSON.stringify(recordIds));
}

/** The first records that a variant changes. */
export function firstChanged(db: Database, variantId: string, count: number): number[] {
  return prepare<{ record: number }>(
    db,
    'SELECT record FROM variant_records WHERE variant = ? ORDER BY record LIMIT ?',
  )
    .all(numberOf(db, 'variants', variantId), count)
    .map(({ record }) => record);
}

function toVariant(row: VariantRow): Variant {
  return { ...row, recipe: recipeSchema.parse(JSON.parse(row.recipe)) };
}
