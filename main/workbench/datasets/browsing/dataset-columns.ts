import { setImmediate } from 'node:timers/promises';
import type { DatasetLocation } from '#db/datasets/datasets.ts';
import { type IdSpan, labelPlaceOf, readFacets, splitPlaceOf, splits } from '#db/datasets/record-blocks.ts';
import { labelCounts } from '#db/datasets/record-counts.ts';
import type { Database } from '#db/open.ts';

/**
 * Split and label of every record of a dataset, by id - span.first: five bytes a record, so that filters and
 * facet counts over millions need no query.
 */
export interface DatasetColumns {
  span: IdSpan;
  /** Place in `splits` + 1; 0 where the id is another dataset's. */
  split: Uint8Array;
  /** Place in `labels`. */
  label: Int32Array;
  /** What occurs, by code point; the first is null, for records without a label. */
  labels: (string | null)[];
  /** How many records have a label and a split: label x (splits + 1) + split. */
  together: Uint32Array;
}

/** Reads the columns in parts, between other work. */
export async function loadColumns(
  db: Database,
  dataset: DatasetLocation,
  span: IdSpan,
): Promise<DatasetColumns> {
  const length = span.last - span.first + 1;
  const split = new Uint8Array(length);
  const label = new Int32Array(length);
  const names = labelCounts(db, dataset.number).flatMap(({ value }) => value ?? []);
  let placeOf: Int32Array | null = null;
  for (const { first, facets, places } of readFacets(db, dataset.number)) {
    placeOf ??= toPlaces(names, places);
    for (let at = 0; at < facets.length; at += 1) {
      const facet = facets[at] as number;
      split[first - span.first + at] = splitPlaceOf(facet) + 1;
      label[first - span.first + at] = placeOf[labelPlaceOf(facet)] as number;
    }
    await setImmediate();
  }
  const together = new Uint32Array((names.length + 1) * (splits.length + 1));
  for (let from = 0; from < length; from += countedAtOnce) {
    const to = Math.min(length, from + countedAtOnce);
    for (let at = from; at < to; at += 1) {
      const place = label[at]! * (splits.length + 1) + split[at]!;
      together[place] = together[place]! + 1;
    }
    await setImmediate();
  }
  return { span, split, label, labels: [null, ...names], together };
}

/** By a label's place in the database: its place in `names`, from 1; 0 for none. */
function toPlaces(names: readonly string[], places: ReadonlyMap<string, number>): Int32Array {
  const placeOf = new Int32Array(places.size + 1);
  for (const [at, name] of names.entries()) placeOf[places.get(name) ?? 0] = at + 1;
  placeOf[0] = 0;
  return placeOf;
}

/** {@link DatasetColumns.together} of some of the records alone. */
export function countTogether({ span, split, label, labels }: DatasetColumns, ids: Uint32Array): Uint32Array {
  const together = new Uint32Array(labels.length * (splits.length + 1));
  for (let at = 0; at < ids.length; at += 1) {
    const place = ids[at]! - span.first;
    const both = label[place]! * (splits.length + 1) + split[place]!;
    together[both] = together[both]! + 1;
  }
  return together;
}

/** About a millisecond's work. */
const countedAtOnce = 500_000;
