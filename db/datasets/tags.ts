import { WorkbenchError } from '#contract/errors.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

/** A word that a person put on records of one dataset. */
export interface Tag {
  number: number;
  name: string;
  records: number;
  /** Grows with every change of the tag's records. */
  revision: number;
}

/** The tags of a dataset (its number) by name. A tag that no record has any more is still there, with 0 records. */
export function listTags(db: Database, dataset: number): Tag[] {
  return prepare<Tag>(
    db,
    'SELECT number, name, records, revision FROM tags WHERE dataset = ? ORDER BY name',
  ).all(dataset);
}

/** Names of the tags on each of these records, by name; records without tags are left out. */
export function readTagNames(db: Database, recordIds: readonly number[]): Map<number, string[]> {
  const names = new Map<number, string[]>();
  const rows = prepare<{ record: number; name: string }>(
    db,
    `SELECT rt.record, t.name FROM record_tags rt JOIN tags t ON t.number = rt.tag
     WHERE rt.record IN (SELECT value FROM json_each(?)) ORDER BY rt.record, t.name`,
  ).all(JSON.stringify(recordIds));
  for (const { record, name } of rows) {
    const known = names.get(record);
    if (known === undefined) names.set(record, [name]);
    else known.push(name);
  }
  return names;
}

/**
 * Puts a tag on records of a dataset (its number), making the tag where it is new. Records of other datasets and
 * those that have it are passed over. Throws `bad-input` for a name with spaces at its ends or control characters.
 * @returns the ids of the records changed, ascending
 */
export function addTag(db: Database, dataset: number, name: string, recordIds: readonly number[]): number[] {
  checkTagName(name);
  return inTransaction(db, () => {
    prepare(
      db,
      'INSERT INTO tags (dataset, name, records, revision) VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING',
    ).run(dataset, name);
    const tag = tagNumber(db, dataset, name);
    const changed = prepare<{ record: number }>(
      db,
      `INSERT INTO record_tags (tag, record) SELECT ?, id FROM records
       WHERE +dataset = ? AND id IN (SELECT value FROM json_each(?)) ON CONFLICT DO NOTHING RETURNING record`,
    ).all(tag ?? 0, dataset, JSON.stringify(recordIds));
    noteChange(db, tag ?? 0, changed.length);
    return ascending(changed);
  });
}

/** Takes a tag off records; those that do not have it are passed over. @returns the ids of those changed, ascending */
export function removeTag(
  db: Database,
  dataset: number,
  name: string,
  recordIds: readonly number[],
): number[] {
  return inTransaction(db, () => {
    const tag = tagNumber(db, dataset, name);
    if (tag === null) return [];
    const changed = prepare<{ record: number }>(
      db,
      'DELETE FROM record_tags WHERE tag = ? AND record IN (SELECT value FROM json_each(?)) RETURNING record',
    ).all(tag, JSON.stringify(recordIds));
    noteChange(db, tag, -changed.length);
    return ascending(changed);
  });
}

const ascending = (changed: readonly { record: number }[]): number[] =>
  changed.map(({ record }) => record).sort((a, b) => a - b);

function tagNumber(db: Database, dataset: number, name: string): number | null {
  const row = prepare<{ number: number }>(db, 'SELECT number FROM tags WHERE dataset = ? AND name = ?').get(
    dataset,
    name,
  );
  return row?.number ?? null;
}

function noteChange(db: Database, tag: number, more: number): void {
  prepare(db, 'UPDATE tags SET records = records + ?, revision = revision + 1 WHERE number = ?').run(
    more,
    tag,
  );
}

function checkTagName(name: string): void {
  if (name.trim() === name && name.length >= 1 && name.length <= 100 && !/\p{Cc}/u.test(name)) return;
  throw new WorkbenchError(
    'bad-input',
    `${JSON.stringify(name)} cannot be a tag: use 1 to 100 printable characters without spaces at the ends.`,
    { tag: name },
  );
}
