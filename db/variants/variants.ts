import { WorkbenchError } from '#contract/errors.ts';
import { type NewVariant, recipeSchema, type Variant, type VariantRecord } from '#contract/variant.ts';
import { listFirst } from '#core/list-first.ts';
import { createId, missing, now, numberOf, refuseTakenName } from '../names.ts';
import { rememberRead } from '../reading.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

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

/**
 * Stores a variant with the records that it changes, all or nothing; one that was deleted comes back under its id and
 * its time. Throws `conflict` where the name is taken.
 */
export function insertVariant(
  db: Database,
  variant: NewVariant | Variant,
  changedRecords: readonly VariantRecord[],
): Variant {
  return inTransaction(db, () => {
    refuseTakenName(db, 'variants', variant.name);
    const { id, createdAt } = 'id' in variant ? variant : { id: createId('variants'), createdAt: now() };
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
      createdAt,
    );
    const insert = prepare(
      db,
      `INSERT INTO variant_records (variant, record, old_caption, new_caption, rendered_sha256, part)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    for (const record of changedRecords) {
      insert.run(
        Number(lastInsertRowid),
        record.recordId,
        record.oldCaption,
        record.newCaption,
        Buffer.from(record.renderedSha256, 'hex'),
        record.part,
      );
    }
    return findVariant(db, id);
  });
}

/** The variant of this name or id. Throws `not-found`. */
export function findVariant(db: Database, nameOrId: string): Variant {
  return rememberRead(db, `variant ${nameOrId}`, () => readVariant(db, nameOrId));
}

function readVariant(db: Database, nameOrId: string): Variant {
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

/** What names a variant. Its recipe, which may hold pictures, is not read. */
export type VariantSummary = Pick<Variant, 'id' | 'name' | 'datasetId' | 'changed'>;

/** All variants, or those of one dataset, oldest first, for lists and choices by name. */
export function listVariantSummaries(db: Database, datasetId: string | null = null): VariantSummary[] {
  return prepare<VariantSummary>(
    db,
    `SELECT v.id, v.name, d.id AS datasetId, v.changed FROM variants v JOIN datasets d ON d.number = v.dataset
     WHERE ? IS NULL OR d.id = ? ORDER BY v.number`,
  ).all(datasetId, datasetId);
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
       lower(hex(c.rendered_sha256)) AS renderedSha256, c.part
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
       lower(hex(c.rendered_sha256)) AS renderedSha256, c.part
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

/** Those of the records that a part of a variant's recipe changed. */
export function idsOfPart(
  db: Database,
  variantId: string,
  part: number,
  recordIds: readonly number[],
): number[] {
  return prepare<{ record: number }>(
    db,
    `SELECT record FROM variant_records
     WHERE variant = ? AND part = ? AND record IN (SELECT value FROM json_each(?)) ORDER BY record`,
  )
    .all(numberOf(db, 'variants', variantId), part, JSON.stringify(recordIds))
    .map(({ record }) => record);
}

/** Training records of a dataset that any of these variants changes; `labelled`: only those with a label. */
export function changedTrainingIds(
  db: Database,
  datasetId: string,
  variantIds: readonly string[],
  labelled: boolean,
): Set<number> {
  const rows = prepare<{ id: number }>(
    db,
    `SELECT DISTINCT r.id FROM variants v JOIN variant_records c ON c.variant = v.number
     JOIN records r ON r.id = c.record
     WHERE v.id IN (SELECT value FROM json_each(?)) AND r.dataset = ? AND r.split = 'train'
       AND (? = 0 OR r.label IS NOT NULL)`,
  ).all(JSON.stringify(variantIds), numberOf(db, 'datasets', datasetId), Number(labelled));
  return new Set(rows.map(({ id }) => id));
}

/** How many records each part of a variant's recipe changed; parts beyond the last that changed any are left out. */
export function countByPart(db: Database, variantId: string): number[] {
  const counts: number[] = [];
  const rows = prepare<{ part: number; count: number }>(
    db,
    'SELECT part, count(*) AS count FROM variant_records WHERE variant = ? GROUP BY part ORDER BY part',
  ).all(numberOf(db, 'variants', variantId));
  for (const { part, count } of rows) {
    while (counts.length < part) counts.push(0);
    counts.push(count);
  }
  return counts;
}

/** Names of the runs, and ids of the evaluations, that use a variant. */
export function usersOfVariant(db: Database, variantId: string): string[] {
  const number = numberOf(db, 'variants', variantId);
  return prepare<{ name: string }>(
    db,
    `SELECT 'run ''' || name || '''' AS name FROM runs WHERE variant = ?
     UNION ALL SELECT 'evaluation ' || id FROM evaluations WHERE variant = ?`,
  )
    .all(number, number)
    .map(({ name }) => name);
}

/**
 * Deletes a variant with what it changes; {@link insertVariant} could bring it back. Throws `not-found`, or `conflict`
 * while runs or evaluations use it.
 */
export function deleteVariant(
  db: Database,
  nameOrId: string,
): { variant: Variant; records: VariantRecord[] } {
  return inTransaction(db, () => {
    const variant = findVariant(db, nameOrId);
    const users = usersOfVariant(db, variant.id);
    if (users.length > 0) {
      throw new WorkbenchError(
        'conflict',
        `Variant '${variant.name}' is used by ${listFirst(users, 10)}: it cannot be removed while they exist.`,
        { variantId: variant.id, users },
      );
    }
    const number = numberOf(db, 'variants', variant.id);
    const records = [...iterateVariantRecords(db, variant.id)];
    prepare(db, 'DELETE FROM variant_records WHERE variant = ?').run(number);
    prepare(db, 'DELETE FROM variants WHERE number = ?').run(number);
    return { variant, records };
  });
}

function toVariant(row: VariantRow): Variant {
  return { ...row, recipe: recipeSchema.parse(JSON.parse(row.recipe)) };
}
