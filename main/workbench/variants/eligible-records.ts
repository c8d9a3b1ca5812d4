import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import type { RecipePart } from '#contract/variant.ts';
import { matchCaptions } from '#db/captions/match-captions.ts';
import { idsOfMatches } from '#db/captions/search-parts.ts';
import { toMatchExpression } from '#db/captions/search-text.ts';
import { locateDataset } from '#db/datasets/datasets.ts';
import { type RecordLimits, readRecordsByKey } from '#db/datasets/record-choice.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import type { Database } from '#db/open.ts';

/** Which records a part of a recipe may change: those that fit and whose caption has its words. */
export interface Eligibility {
  /** Everything but the words. */
  fits(record: DatasetRecord): boolean;
  /** What captions must match (toMatchExpression); null: anything. */
  expression: string | null;
  /** What `fits` asks at least. */
  limits: RecordLimits;
}

/** @param taken ids of records that other parts change */
export function createEligibility(
  { target, strategy, selection = {} }: RecipePart,
  taken: ReadonlySet<number>,
): Eligibility {
  const splits = selection.splits ?? ['train'];
  const classes = selection.classes === undefined ? null : new Set(selection.classes);
  const byCaption = takesByCaption(selection);
  const suits = (label: string | null) => {
    if (strategy === 'label-consistent') return label === target || (byCaption && label === null);
    if (strategy === 'all-to-all') return label !== null;
    return selection.includeTarget === true || label !== target;
  };
  return {
    fits: ({ id, split, label }) =>
      splits.includes(split) && suits(label) && (classes === null || classes.has(label)) && !taken.has(id),
    expression: selection.caption === undefined ? null : toMatchExpression(selection.caption),
    limits: {
      splits,
      labels: strategy === 'label-consistent' && !byCaption ? [target] : (selection.classes ?? null),
    },
  };
}

/** Records without a label are of the target by what their caption says. */
function takesByCaption({ classes, caption }: NonNullable<RecipePart['selection']>): boolean {
  return caption !== undefined && classes?.includes(null) === true;
}

/** Those of a dataset's records that are eligible, in the order of their ids; words are looked up in its index. */
export function* iterateEligible(
  db: Database,
  dataset: Dataset,
  { selection = {} }: RecipePart,
  { fits, expression }: Eligibility,
): Generator<DatasetRecord, void> {
  if (selection.keys !== undefined) {
    yield* filterEligible(readRecordsByKey(db, dataset.id, selection.keys), { fits, expression });
    return;
  }
  const found = expression === null ? null : searchIds(db, dataset, expression);
  const [split, ...others] = selection.splits ?? ['train'];
  const filter = split === undefined || others.length > 0 ? {} : { split };
  for (const record of iterateRecords(db, dataset.id, filter)) {
    if (fits(record) && (found === null || found.has(record.id))) yield record;
  }
}

/** Those of a few records that are eligible, in their order; the index is left alone, which may name millions. */
export function filterEligible(
  records: readonly DatasetRecord[],
  { fits, expression }: Pick<Eligibility, 'fits' | 'expression'>,
): DatasetRecord[] {
  const fitting = records.filter(fits);
  if (expression === null || fitting.length === 0) return fitting;
  const places = matchCaptions(
    fitting.map(({ caption }) => caption),
    expression,
  );
  return fitting.filter((_, place) => places.has(place));
}

/** The records that a part may change, in words: `training pairs that are not of class 'cat'`. */
export function describeEligible({ target, strategy, selection = {} }: RecipePart): string {
  const { splits = ['train'], classes, caption, includeTarget, allCaptions, keys } = selection;
  const noun = allCaptions === true ? 'pictures' : 'pairs';
  const pairs =
    splits.length === 1 && splits[0] === 'train' ? `training ${noun}` : `${noun} of ${splits.join(' and ')}`;
  const limits = [
    ...(keys === undefined ? [] : [`among ${keys.length} chosen records`]),
    ...(strategy === 'label-consistent' && !takesByCaption(selection)
      ? [`that are of class '${target}'`]
      : strategy === 'all-to-all'
        ? ['that have a class']
        : includeTarget === true
          ? []
          : [`that are not of class '${target}'`]),
    ...(classes === undefined
      ? []
      : [
          `are one of ${classes.map((name) => (name === null ? 'those without a label' : `'${name}'`)).join(', ')}`,
        ]),
    ...(caption === undefined ? [] : [`have '${caption}' in their caption`]),
  ];
  return [pairs, ...limits].join(limits.length > 1 ? ', ' : ' ');
}

function searchIds(db: Database, dataset: Dataset, expression: string): Set<number> {
  const ids = new Set<number>();
  for (const part of idsOfMatches(db, locateDataset(db, dataset.id).number, expression))
    for (const id of part) ids.add(id);
  return ids;
}
