import { setImmediate } from 'node:timers/promises';
import type { DatasetRecord, RecordState } from '#contract/dataset.ts';
import { type RecordChange, readChanges, readRecords } from '#db/datasets/record-rows.ts';
import { readStates } from '#db/datasets/record-states.ts';
import { addTag, readTagNames, removeTag } from '#db/datasets/tags.ts';
import type { Database } from '#db/open.ts';
import type { Workspace } from '../../workspace.ts';
import { countFacets, type FacetCounts } from './count-facets.ts';
import { createQueryLists } from './query-lists.ts';
import { keyOf, type ParsedQuery, resolveQuery } from './resolve-query.ts';
import { createSortedIds } from './sorted-ids.ts';

/** A record as a query shows it. */
export interface BrowsedRecord {
  /** With the caption of the variant as which the dataset is seen. */
  record: DatasetRecord;
  tags: string[];
  state: RecordState;
  /** What variants make of it, oldest first. */
  changes: RecordChange[];
  /** The variant as which it is seen changes it. */
  seenAs: RecordChange | null;
}

/**
 * Looks at datasets of millions of records: any page of any query, in the order of the records or, of not too many, in another. What a query finds
 * is remembered as a list of ids, so that a page is a look into a list; searches in captions go on in the
 * background once the page that was asked for is there. Errors: those of resolveQuery.
 */
export interface RecordBrowser {
  page(query: ParsedQuery, offset: number, limit: number): Promise<BrowsedRecord[]>;
  /** `exact` false: at least so many, and the count goes on. */
  count(query: ParsedQuery): Promise<{ count: number; exact: boolean }>;
  facets(query: ParsedQuery): Promise<FacetCounts>;
  /** All ids of a query, ascending. */
  ids(query: ParsedQuery): Promise<ArrayLike<number>>;
  /** Puts a tag on all records of a query, or takes it off. @returns ids of the records changed, ascending */
  tag(query: ParsedQuery, tag: string, remove: boolean): Promise<number[]>;
}

/** A count up to here is waited for a little; beyond, it is told as it stands. */
const countedAtOnce = 10_001;
const patienceMs = 20;

/** Records tagged in one transaction. */
const taggedAtOnce = 5_000;

export function createRecordBrowser(workspace: Pick<Workspace, 'db' | 'captions'>): RecordBrowser {
  const { db, captions } = workspace;
  const lists = createQueryLists(workspace);
  const sorted = createSortedIds(db);

  const idsOf = async (query: ParsedQuery): Promise<number[] | Uint32Array> => {
    const resolved = resolveQuery(db, query);
    if (resolved.span === null) return [];
    const { span } = resolved;
    if (resolved.everything && resolved.contiguous) {
      return Uint32Array.from({ length: resolved.dataset.records }, (_, place) => span.first + place);
    }
    const list = lists.list(resolved);
    await list.reach(Infinity);
    return list.ids();
  };

  return {
    async page(query, offset, limit) {
      const resolved = resolveQuery(db, query);
      const { span, dataset } = resolved;
      if (span === null) return [];
      let ids: number[];
      if (query.sort !== null) {
        const all = await sorted(keyOf(resolved), await idsOf(query), query.sort, query.descending);
        ids = [...all.subarray(offset, offset + limit)];
      } else if (resolved.everything && resolved.contiguous) {
        const length = Math.max(0, Math.min(limit, dataset.records - offset));
        ids = Array.from({ length }, (_, place) => span.first + offset + place);
      } else {
        const list = lists.list(resolved);
        await list.reach(offset + limit);
        ids = [...list.ids().subarray(offset, offset + limit)];
      }
      const records = describe(db, ids, resolved.variant?.id ?? null);
      // Who looks at a dataset may search in it next.
      captions.start();
      if (query.sort === null) return records;
      const byId = new Map(records.map((browsed) => [browsed.record.id, browsed]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },

    async count(query) {
      const resolved = resolveQuery(db, query);
      if (resolved.everything) return { count: resolved.dataset.records, exact: true };
      const list = lists.list(resolved);
      await list.reachWithin(countedAtOnce, patienceMs);
      return { count: list.ids().length, exact: list.done };
    },

    facets: (query) => countFacets(db, lists, resolveQuery(db, query)),
    ids: idsOf,

    async tag(query, tag, remove) {
      const { dataset } = resolveQuery(db, query);
      // A copy: the list itself may grow or change with what is tagged here.
      const ids = [...(await idsOf(query))];
      const change = remove ? removeTag : addTag;
      const changed: number[] = [];
      for (let from = 0; from < ids.length; from += taggedAtOnce) {
        changed.push(...change(db, dataset.number, tag, ids.slice(from, from + taggedAtOnce)));
        await setImmediate();
      }
      return changed;
    },
  };
}

/** Records by their ids, ascending, as the variant has them. */
export function describe(db: Database, ids: readonly number[], variantId: string | null): BrowsedRecord[] {
  const tags = readTagNames(db, ids);
  const states = readStates(db, ids);
  const changes = new Map<number, RecordChange[]>(ids.map((id) => [id, []]));
  for (const change of readChanges(db, ids)) changes.get(change.recordId)?.push(change);
  return readRecords(db, ids).map((record) => {
    const own = changes.get(record.id) ?? [];
    const seenAs = own.find((change) => change.variantId === variantId) ?? null;
    return {
      record: seenAs === null ? record : { ...record, caption: seenAs.newCaption },
      tags: tags.get(record.id) ?? [],
      state: states.get(record.id) ?? 'ready',
      changes: own,
      seenAs,
    };
  });
}
