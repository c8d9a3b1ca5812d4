import type { Variant } from '#contract/variant.ts';
import type { DatasetLocation } from '#db/datasets/datasets.ts';
import { type IdSpan, splits } from '#db/datasets/record-blocks.ts';
import { idsOfState, idsOfTag, idsOfVariant } from '#db/datasets/record-ids.ts';
import type { FoundState } from '#db/datasets/record-states.ts';
import type { Tag } from '#db/datasets/tags.ts';
import type { Workspace } from '../../workspace.ts';
import { type DatasetColumns, loadColumns } from './dataset-columns.ts';
import { growIdList, type IdList } from './id-list.ts';
import { keyOf, type ResolvedQuery, textKeyOf, versionOf } from './resolve-query.ts';
import { searchCaptions } from './search-captions.ts';

/** How many of each are remembered; with a million records a list may take 4 MB, columns 5 MB. */
const rememberedLists = 12;
const rememberedColumns = 3;
const rememberedLinks = 100;

export const foundStates = ['missing', 'changed', 'gone'] as const satisfies readonly FoundState[];

/** Ids looked at in one go when columns are filtered: about a millisecond's work. */
const filteredAtOnce = 131_072;

/** What queries find, remembered; all of it can be found again, and none of it can be old. */
export interface QueryLists {
  /** The records of a query. */
  list(query: ResolvedQuery): IdList;
  /** The records that its text finds; null where it has none. */
  textList(query: ResolvedQuery): IdList | null;
  columns(dataset: DatasetLocation, span: IdSpan): Promise<DatasetColumns>;
  /** Records of a tag, ascending. */
  tagged(dataset: DatasetLocation, tag: Tag): Promise<Uint32Array>;
  /** Records whose picture the last check found so, ascending. */
  inState(dataset: DatasetLocation, state: FoundState): Promise<Uint32Array>;
  /** Records that a variant changes, ascending. */
  changedBy(variant: Pick<Variant, 'id'>): Promise<Uint32Array>;
}

export function createQueryLists(workspace: Pick<Workspace, 'db' | 'captions'>): QueryLists {
  const { db } = workspace;
  const lists = createMemory<IdList>(rememberedLists, {
    isLost: (list) => list.failed,
    forget: (list) => list.stop(),
  });
  const linked = createMemory<IdList>(rememberedLinks, {
    isLost: (list) => list.failed,
    forget: (list) => list.stop(),
  });
  const columns = createMemory<KnownColumns>(rememberedColumns, {
    isLost: ({ failed }) => failed,
    forget: () => {},
  });

  const whole = async (list: IdList): Promise<Uint32Array> => {
    await list.reach(Infinity);
    return list.ids();
  };

  const lookup: QueryLists = {
    list(query) {
      const { span } = query;
      if (span === null) return growIdList([]);
      const textOnly = [query.splits, query.labels, query.states, query.tags, query.poisonedIn].every(
        (part) => part === null,
      );
      const text = textOnly ? lookup.textList(query) : null;
      return text ?? lists.get(keyOf(query), () => growIdList(filter(lookup, query, span)));
    },
    textList(query) {
      const { expression, dataset, variant } = query;
      if (expression === null) return null;
      return lists.get(textKeyOf(query), () =>
        growIdList(searchCaptions(workspace, dataset.number, expression, variant)),
      );
    },
    columns: (dataset, span) =>
      columns.get(versionOf(dataset), () => {
        const loading: KnownColumns = { columns: loadColumns(db, dataset, span), failed: false };
        loading.columns.catch(() => {
          loading.failed = true;
        });
        return loading;
      }).columns,
    tagged: (dataset, tag) =>
      whole(
        linked.get(`${versionOf(dataset)} ${tag.number} ${tag.revision}`, () =>
          growIdList(idsOfTag(db, tag.number)),
        ),
      ),
    inState: (dataset, state) =>
      whole(
        linked.get(`${versionOf(dataset)} ${state} ${dataset.checks}`, () =>
          growIdList(idsOfState(db, dataset.number, state)),
        ),
      ),
    changedBy: (variant) => whole(linked.get(variant.id, () => growIdList(idsOfVariant(db, variant.id)))),
  };
  return lookup;
}

async function* filter(
  lookup: QueryLists,
  query: ResolvedQuery,
  span: IdSpan,
): AsyncGenerator<ArrayLike<number>, void> {
  const columns = await lookup.columns(query.dataset, span);
  const accepts = await createFilter(lookup, query, columns);
  const text = lookup.textList(query);
  for (let from = 0; ; ) {
    if (text === null) {
      const to = Math.min(from + filteredAtOnce, columns.split.length);
      const part = new Uint32Array(to - from);
      let count = 0;
      for (let place = from; place < to; place += 1) {
        if (!accepts(place)) continue;
        part[count] = span.first + place;
        count += 1;
      }
      yield part.subarray(0, count);
      from = to;
      if (to === columns.split.length) return;
    } else {
      await text.reach(from + 1);
      const { done } = text;
      const found = text.ids().subarray(from);
      yield found.filter((id) => accepts(id - span.first));
      from += found.length;
      if (done) return;
    }
  }
}

/** Whether the record at a place of the columns passes all but the text. */
async function createFilter(
  lookup: QueryLists,
  query: ResolvedQuery,
  columns: DatasetColumns,
): Promise<(place: number) => boolean> {
  const { split, label } = columns;
  const { rightSplits, rightLabels } = choosePlaces(query, columns);
  const tagged =
    query.tags &&
    mark(columns, await Promise.all(query.tags.map((tag) => lookup.tagged(query.dataset, tag))));
  const changed =
    query.poisonedIn && mark(columns, await Promise.all(query.poisonedIn.map(lookup.changedBy)));
  const wrongState = await markWrongStates(lookup, query, columns);
  return (place) =>
    (wrongState === null || wrongState[place] === 0) &&
    rightSplits[split[place] ?? 0] === 1 &&
    rightLabels[label[place] ?? 0] === 1 &&
    (tagged === null || tagged[place] === 1) &&
    (changed === null || changed[place] === 1);
}

/** 1 at the place of each record whose picture is in no state that a query asks for; null where it asks for none. */
export async function markWrongStates(
  lookup: QueryLists,
  { dataset, states }: ResolvedQuery,
  columns: DatasetColumns,
): Promise<Uint8Array | null> {
  if (states === null) return null;
  const marks = new Uint8Array(columns.split.length).fill(states.has('ready') ? 0 : 1);
  for (const state of foundStates) {
    for (const id of await lookup.inState(dataset, state)) {
      marks[id - columns.span.first] = states.has(state) ? 0 : 1;
    }
  }
  return marks;
}

/** 1 for each split (place + 1) and label that a query asks for. */
export function choosePlaces(
  { splits: wantedSplits, labels: wantedLabels }: ResolvedQuery,
  { labels }: DatasetColumns,
): { rightSplits: Uint8Array; rightLabels: Uint8Array } {
  const rightSplits = new Uint8Array(splits.length + 1);
  for (const [place, name] of splits.entries()) {
    if (wantedSplits === null || wantedSplits.has(name)) rightSplits[place + 1] = 1;
  }
  const rightLabels = Uint8Array.from(labels, (name) =>
    Number(wantedLabels === null || wantedLabels.has(name)),
  );
  return { rightSplits, rightLabels };
}

/** 1 at the place of each record that is in one of the lists. */
export function mark({ span, split }: DatasetColumns, lists: readonly Uint32Array[]): Uint8Array {
  const marks = new Uint8Array(split.length);
  for (const ids of lists) for (const id of ids) marks[id - span.first] = 1;
  return marks;
}

interface KnownColumns {
  columns: Promise<DatasetColumns>;
  failed: boolean;
}

/** Remembers what was asked for last; what is lost is made anew. */
function createMemory<T>(
  capacity: number,
  { isLost, forget }: { isLost: (value: T) => boolean; forget: (value: T) => void },
) {
  const values = new Map<string, T>();
  return {
    get(key: string, make: () => T): T {
      const known = values.get(key);
      const value = known === undefined || isLost(known) ? make() : known;
      values.delete(key);
      values.set(key, value);
      for (const [oldest, old] of values) {
        if (values.size <= capacity) break;
        values.delete(oldest);
        forget(old);
      }
      return value;
    },
  };
}
