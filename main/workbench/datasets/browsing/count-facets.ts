import type { RecordState } from '#contract/dataset.ts';
import { splits } from '#db/datasets/record-blocks.ts';
import { labelCounts, splitCounts, type ValueCount } from '#db/datasets/record-counts.ts';
import { countStates } from '#db/datasets/record-states.ts';
import type { Database } from '#db/open.ts';
import { countTogether } from './dataset-columns.ts';
import { choosePlaces, foundStates, mark, markWrongStates, type QueryLists } from './query-lists.ts';
import type { ResolvedQuery } from './resolve-query.ts';

/** What records have, with how many: splits in their order, labels and tags and variants with the most first. */
export interface FacetCounts {
  split: ValueCount[];
  label: ValueCount[];
  /** Of the pictures; states that no record is in are left out. */
  state: ValueCount<RecordState>[];
  tag: ValueCount[];
  poisonedIn: ValueCount[];
  /** false while the search in captions goes on: at least so many. */
  exact: boolean;
}

/** Labels that are told; the rest are those with the fewest records. */
const toldLabels = 2_000;

/** How long a search may take before counts of what it has found so far are given, in milliseconds. */
const patienceMs = 8;

/** Why a record is not counted; one reason alone does not keep it from the facet of that reason. */
const wrongSplit = 1;
const wrongLabel = 2;
const wrongTag = 4;
const wrongVariant = 8;
const wrongState = 16;
const notFound = 32;

/**
 * Counts the values of each facet among the records of a query without what it asks of that facet itself, so that
 * another value can be chosen in the place of one.
 */
export async function countFacets(
  db: Database,
  lists: QueryLists,
  query: ResolvedQuery,
): Promise<FacetCounts> {
  const { dataset, span } = query;
  if (query.everything || span === null) {
    return {
      split: splits.flatMap((name) => splitCounts(db, dataset.number).filter(({ value }) => value === name)),
      label: sortCounts(labelCounts(db, dataset.number)),
      state: withReady(dataset.records, countStates(db, dataset.number)),
      tag: sortCounts(query.allTags.map(({ name, records }) => ({ value: name, count: records }))),
      poisonedIn: sortCounts(query.allVariants.map(({ name, changed }) => ({ value: name, count: changed }))),
      exact: true,
    };
  }
  const text = lists.textList(query);
  const [columns, tagged, changed, found] = await Promise.all([
    lists.columns(dataset, span),
    Promise.all(query.allTags.map((tag) => lists.tagged(dataset, tag))),
    Promise.all(query.allVariants.map(lists.changedBy)),
    Promise.all(foundStates.map((state) => lists.inState(dataset, state))),
    text?.reachWithin(Infinity, patienceMs),
  ]);
  const exact = text?.done ?? true;
  const { split, label, labels, together } = columns;
  const { rightSplits, rightLabels } = choosePlaces(query, columns);
  const listsOf = <T>(chosen: readonly T[] | null, all: readonly T[], ids: readonly Uint32Array[]) =>
    chosen &&
    mark(
      columns,
      ids.filter((_, place) => chosen.includes(all[place] as T)),
    );
  const rightTags = listsOf(query.tags, query.allTags, tagged);
  const rightVariants = listsOf(query.poisonedIn, query.allVariants, changed);

  const inWrongState = await markWrongStates(lists, query, columns);

  const reasonOf = (place: number): number => {
    const splitPlace = split[place] as number;
    let reason = splitPlace === 0 ? notFound : 0;
    if (rightSplits[splitPlace] !== 1) reason |= wrongSplit;
    if (rightLabels[label[place] as number] !== 1) reason |= wrongLabel;
    if (rightTags !== null && rightTags[place] !== 1) reason |= wrongTag;
    if (rightVariants !== null && rightVariants[place] !== 1) reason |= wrongVariant;
    if (inWrongState !== null && inWrongState[place] === 1) reason |= wrongState;
    return reason;
  };
  const bySplitPlace = new Uint32Array(splits.length + 1);
  const byLabelPlace = new Uint32Array(labels.length);
  let inAnyState = 0;
  const count = (splitPlace: number, labelPlace: number, reason: number, records: number) => {
    if ((reason & ~wrongState) === 0) inAnyState += records;
    if ((reason & ~wrongSplit) === 0)
      bySplitPlace[splitPlace] = (bySplitPlace[splitPlace] as number) + records;
    if ((reason & ~wrongLabel) === 0)
      byLabelPlace[labelPlace] = (byLabelPlace[labelPlace] as number) + records;
  };
  const isByPlaceAlone = rightTags === null && rightVariants === null && inWrongState === null;
  const matching = text === null ? null : text.ids();
  if (isByPlaceAlone) {
    // Splits and labels alone: all records that have both are counted at once.
    const all = matching === null ? together : countTogether(columns, matching);
    for (const labelPlace of labels.keys()) {
      for (let splitPlace = 1; splitPlace <= splits.length; splitPlace += 1) {
        const reason =
          (rightSplits[splitPlace] === 1 ? 0 : wrongSplit) | (rightLabels[labelPlace] === 1 ? 0 : wrongLabel);
        count(splitPlace, labelPlace, reason, all[labelPlace * (splits.length + 1) + splitPlace] ?? 0);
      }
    }
  } else {
    const look = (place: number) => count(split[place] as number, label[place] as number, reasonOf(place), 1);
    if (matching === null) for (let place = 0; place < split.length; place += 1) look(place);
    else for (const id of matching) look(id - span.first);
  }
  const countAmong = (ids: Uint32Array, but: number) => {
    let counted = 0;
    for (const id of matching === null ? ids : inBoth(ids, matching)) {
      if ((reasonOf(id - span.first) & ~but) === 0) counted += 1;
    }
    return counted;
  };

  const present = new Set(splitCounts(db, dataset.number).map(({ value }) => value));
  return {
    split: splits
      .map((name, place) => ({ value: name, count: bySplitPlace[place + 1] ?? 0 }))
      .filter(({ value }) => present.has(value)),
    label: sortCounts(
      labels
        .map((value, place) => ({ value, count: byLabelPlace[place] ?? 0 }))
        .filter(({ value, count }) => count > 0 || query.labels?.has(value)),
    ),
    state: withReady(
      inAnyState,
      foundStates.map((value, place) => ({
        value,
        count: countAmong(found[place] as Uint32Array, wrongState),
      })),
    ),
    tag: sortCounts(
      query.allTags.map(({ name }, place) => ({
        value: name,
        count: countAmong(tagged[place] as Uint32Array, wrongTag),
      })),
    ),
    poisonedIn: sortCounts(
      query.allVariants.map(({ name }, place) => ({
        value: name,
        count: countAmong(changed[place] as Uint32Array, wrongVariant),
      })),
    ),
    exact,
  };
}

/** Those of ids that are in both lists, which ascend. */
function* inBoth(ids: Uint32Array, others: Uint32Array): Generator<number, void> {
  let at = 0;
  for (const id of ids) {
    // The lists may be of very different length: steps double until one is too far.
    let step = 1;
    while (at + step < others.length && (others[at + step] as number) <= id) step *= 2;
    for (; step >= 1; step /= 2) {
      if (at + step < others.length && (others[at + step] as number) <= id) at += step;
    }
    if (others[at] === id) yield id;
  }
}

/** The records that are not counted otherwise are ready. @param all records in any state */
function withReady(all: number, found: readonly ValueCount<RecordState>[]): ValueCount<RecordState>[] {
  const others = found.reduce((sum, { count }) => sum + count, 0);
  return [{ value: 'ready' as const, count: all - others }, ...found].filter(({ count }) => count > 0);
}

/** The most first; the sort is stable, so equal ones keep their order. */
function sortCounts(counts: ValueCount[]): ValueCount[] {
  return counts.sort((a, b) => b.count - a.count).slice(0, toldLabels);
}
