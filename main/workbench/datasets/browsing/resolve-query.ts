import type { z } from 'zod';
import type { recordQuerySchema } from '#contract/api/datasets.ts';
import type { RecordState } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Variant } from '#contract/variant.ts';
import { toMatchExpression } from '#db/captions/search-text.ts';
import { type DatasetLocation, locateDataset } from '#db/datasets/datasets.ts';
import { type IdSpan, idSpan } from '#db/datasets/record-blocks.ts';
import { listTags, type Tag } from '#db/datasets/tags.ts';
import type { Database } from '#db/open.ts';
import { findVariant, listVariantSummaries, type VariantSummary } from '#db/variants/variants.ts';

export type ParsedQuery = z.output<typeof recordQuerySchema>;

/** A query with its names looked up. */
export interface ResolvedQuery {
  dataset: DatasetLocation;
  /** null: the dataset has no records. */
  span: IdSpan | null;
  /** Every id of the span is the dataset's. */
  contiguous: boolean;
  /** For FTS5; null searches for nothing. */
  expression: string | null;
  /** What each facet is narrowed to; null: to nothing. */
  splits: ReadonlySet<string> | null;
  labels: ReadonlySet<string | null> | null;
  states: ReadonlySet<RecordState> | null;
  tags: Tag[] | null;
  poisonedIn: VariantSummary[] | null;
  /** The variant as which the dataset is seen. */
  variant: Variant | null;
  allTags: Tag[];
  allVariants: VariantSummary[];
  /** Whether it takes in every record. */
  everything: boolean;
}

/**
 * Looks a query's names up. Tags and variants to narrow by that do not exist have no records.
 * @throws WorkbenchError `not-found` for the dataset or the variant as which it is seen; `bad-input` where that
 *   variant is another dataset's
 */
export function resolveQuery(db: Database, query: ParsedQuery): ResolvedQuery {
  const dataset = locateDataset(db, query.dataset);
  const span = idSpan(db, dataset.number);
  const variant = query.variant === null ? null : findVariant(db, query.variant);
  if (variant !== null && variant.datasetId !== dataset.id) {
    throw new WorkbenchError(
      'bad-input',
      `Variant '${variant.name}' is of another dataset than '${dataset.name}': choose one of its own.`,
      { variantId: variant.id, datasetId: dataset.id },
    );
  }
  const allTags = listTags(db, dataset.number);
  const allVariants = listVariantSummaries(db, dataset.id);
  const expression = toMatchExpression(query.text);
  const choose = <T, V>(chosen: readonly T[], from: (chosen: ReadonlySet<T>) => V): V | null =>
    chosen.length === 0 ? null : from(new Set(chosen));
  const splits = choose(query.splits, (names) => names);
  const labels = choose(query.labels, (names) => names);
  const states = choose(query.states, (names) => names);
  const tags = choose(query.tags, (names) => allTags.filter(({ name }) => names.has(name)));
  const poisonedIn = choose(query.poisonedIn, (names) =>
    allVariants.filter(({ id, name }) => names.has(id) || names.has(name)),
  );
  return {
    dataset,
    span,
    contiguous: span !== null && span.last - span.first + 1 === dataset.records,
    expression,
    splits,
    labels,
    states,
    tags,
    poisonedIn,
    variant,
    allTags,
    allVariants,
    everything: [expression, splits, labels, states, tags, poisonedIn].every((part) => part === null),
  };
}

/** The same for queries that find the same records, now and as long as nothing changes. */
export function keyOf(query: ResolvedQuery): string {
  return JSON.stringify([
    textKeyOf(query),
    [...(query.splits ?? [])].sort(),
    query.labels === null ? null : [...query.labels].map((label) => JSON.stringify(label)).sort(),
    query.states === null ? null : [[...query.states].sort(), query.dataset.checks],
    query.tags?.map(({ number, revision }) => [number, revision]) ?? null,
    query.poisonedIn?.map(({ id }) => id) ?? null,
  ]);
}

/** The same as long as a dataset's records are. */
export function versionOf({ id, revision }: Pick<DatasetLocation, 'id' | 'revision'>): string {
  return `${id} ${revision}`;
}

/** {@link keyOf} for the search in captions alone. */
export function textKeyOf({ dataset, expression, variant }: ResolvedQuery): string {
  return JSON.stringify([versionOf(dataset), expression, expression === null ? null : (variant?.id ?? null)]);
}
