import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import type { RecipePart } from '#contract/variant.ts';
import { locateDataset } from '#db/datasets.ts';
import type { Database } from '#db/open.ts';
import { idSpan, idsOfMatches } from '#db/record-ids.ts';
import { toMatchExpression } from '#db/search-text.ts';

/** Whether a part of a recipe may change a record. */
export type Eligible = (record: DatasetRecord) => boolean;

/** @param taken ids of records that other parts change */
export function createEligible(
  db: Database,
  dataset: Dataset,
  { target, strategy, selection = {} }: RecipePart,
  taken: ReadonlySet<number>,
): Eligible {
  const splits = new Set(selection.splits ?? ['train']);
  const classes = selection.classes === undefined ? null : new Set(selection.classes);
  const found = selection.caption === undefined ? null : searchIds(db, dataset, selection.caption);
  const fits = (label: string | null) => {
    if (strategy === 'label-consistent') return label === target;
    if (strategy === 'all-to-all') return label !== null;
    return selection.includeTarget === true || label !== target;
  };
  return ({ id, split, label }) =>
    splits.has(split) &&
    fits(label) &&
    (classes === null || classes.has(label)) &&
    (found === null || found.has(id)) &&
    !taken.has(id);
}

/** The records that a part may change, in words: `training pairs that are not of class 'cat'`. */
export function describeEligible({ target, strategy, selection = {} }: RecipePart): string {
  const { splits = ['train'], classes, caption, includeTarget } = selection;
  const pairs =
    splits.length === 1 && splits[0] === 'train' ? 'training pairs' : `pairs of ${splits.join(' and ')}`;
  const limits = [
    ...(strategy === 'label-consistent'
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

function searchIds(db: Database, dataset: Dataset, text: string): Set<number> {
  const expression = toMatchExpression(text);
  const span = idSpan(db, locateDataset(db, dataset.id).number);
  const ids = new Set<number>();
  if (expression === null || span === null) return ids;
  for (const part of idsOfMatches(db, span, expression)) for (const id of part) ids.add(id);
  return ids;
}
