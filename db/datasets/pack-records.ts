import { type NewRecord, pictureKeyOf } from '#contract/dataset.ts';
import { buildLists, type JsonbValue } from '../jsonb.ts';
import { createFacets, type Facets } from './record-blocks.ts';

// Another thread may pack records than the one that adds them.

/** A plain row, of a picture that was not looked at, ends behind its split. */
export type Row = [key: string, caption: string, label: string | null, split: string, ...JsonbValue[]];

/** Records as one statement adds them. */
export interface PackedRecords extends Facets {
  /** Rows in JSONB. */
  rows: Uint8Array;
  arePlain: boolean;
  count: number;
  /** Rows that are the first of their picture here. */
  pictures: number;
}

/** Packs records one by one: none of them is kept. */
export interface RecordPacker {
  readonly count: number;
  add(record: NewRecord): void;
  /** What was added; the next begins empty. */
  take(): PackedRecords;
}

export function createPacker(): RecordPacker {
  const rows = createRowPacker();
  let nextKey = createKeys();
  return {
    get count() {
      return rows.count;
    },
    add: (record) => rows.add(toRow(record, nextKey(record))),
    take() {
      nextKey = createKeys();
      return rows.take();
    },
  };
}

export function packRecords(records: readonly NewRecord[]): PackedRecords {
  const packer = createPacker();
  for (const record of records) packer.add(record);
  return packer.take();
}

export function packRows(rows: readonly Row[]): PackedRecords {
  const packer = createRowPacker();
  for (const row of rows) packer.add(row);
  return packer.take();
}

function createRowPacker() {
  const lists = buildLists();
  let facets = createFacets();
  let count = 0;
  let pictures = 0;
  let arePlain = true;
  return {
    get count() {
      return count;
    },
    add(row: Row): void {
      const { length, 2: label, 3: split, 4: own } = row;
      lists.add(row);
      facets.add(split, label);
      count += 1;
      if (own == null) pictures += 1;
      if (length !== 4) arePlain = false;
    },
    take(): PackedRecords {
      const packed = { rows: lists.take(), arePlain, count, pictures, ...facets.take() };
      facets = createFacets();
      count = 0;
      pictures = 0;
      arePlain = true;
      return packed;
    },
  };
}

function toRow(record: NewRecord, key: string): Row {
  const { caption, label, name, split, sha256, width, height, source, look } = record;
  const picture = pictureKeyOf(record);
  const own = picture === key || wellFormed(picture) === key ? null : wellFormed(picture);
  const row: Row = [key, caption, label === null ? null : wellFormed(label), split];
  if (sha256 === null && own === null && source === undefined && name === null) return row;
  row.push(
    own,
    source === undefined ? null : JSON.stringify(source),
    name,
    sha256,
    width,
    height,
    own === null && look !== undefined ? Buffer.from(look).toString('hex') : null,
  );
  return row;
}

/** Half of a surrogate pair is U+FFFD in UTF-8, here too, so that keys are compared as they are kept. */
const wellFormed = (text: string): string => text.toWellFormed();

/** Gives records their keys as they are where the dataset has none of their pictures yet. */
function createKeys(): (record: NewRecord) => string {
  const taken = new Set<string>();
  const places = new Map<string, number>();
  return (record) => {
    let key = wellFormed(record.key);
    for (let before = taken.size; taken.add(key).size === before; ) {
      const picture = wellFormed(pictureKeyOf(record));
      const place = (places.get(picture) ?? 1) + 1;
      places.set(picture, place);
      key = `${picture}#${place}`;
    }
    return key;
  };
}
