import { setImmediate } from 'node:timers/promises';
import type { RecordSort } from '#contract/api/datasets.ts';
import type { DatasetRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import type { Database } from '#db/open.ts';

/** Sorting so many takes some seconds, between other work. */
const mostSorted = 300_000;
const readAtOnce = 5_000;
const rememberedOrders = 3;

/** What records are sorted by; those of equal value stay in the order of the dataset. */
const values: Record<RecordSort, (record: DatasetRecord) => string | number> = {
  caption: ({ caption }) => caption,
  class: ({ label }) => label ?? '\uffff',
  file: ({ key }) => key,
  pixels: ({ width, height }) => (width ?? 0) * (height ?? 0),
};

/** Ids of queries in another order than the dataset's, remembered. */
export function createSortedIds(db: Database) {
  const orders = new Map<string, Promise<Uint32Array>>();
  const compare = new Intl.Collator('en', { numeric: true }).compare;

  const sort = async (ids: ArrayLike<number>, by: RecordSort, descending: boolean): Promise<Uint32Array> => {
    const rows: { id: number; value: string | number }[] = [];
    for (let from = 0; from < ids.length; from += readAtOnce) {
      const part = Array.prototype.slice.call(ids, from, from + readAtOnce);
      for (const record of readRecords(db, part)) rows.push({ id: record.id, value: values[by](record) });
      await setImmediate();
    }
    const sign = descending ? -1 : 1;
    rows.sort((a, b) => {
      const order =
        typeof a.value === 'number' && typeof b.value === 'number'
          ? a.value - b.value
          : compare(String(a.value), String(b.value));
      return order === 0 ? a.id - b.id : sign * order;
    });
    return Uint32Array.from(rows, ({ id }) => id);
  };

  /**
   * @param key the same for the same ids
   * @throws WorkbenchError `bad-input` where there are too many
   */
  return (key: string, ids: ArrayLike<number>, by: RecordSort, descending: boolean): Promise<Uint32Array> => {
    if (ids.length > mostSorted) {
      throw new WorkbenchError(
        'bad-input',
        `At most ${mostSorted.toLocaleString('en-GB')} records are sorted, and these are ${ids.length.toLocaleString('en-GB')}: narrow them by a search or a filter, or show them as imported.`,
        { records: ids.length, most: mostSorted },
      );
    }
    const name = JSON.stringify([key, ids.length, by, descending]);
    const known = orders.get(name) ?? sort(ids, by, descending);
    orders.delete(name);
    orders.set(name, known);
    known.catch(() => orders.delete(name));
    for (const oldest of orders.keys()) if (orders.size > rememberedOrders) orders.delete(oldest);
    return known;
  };
}
