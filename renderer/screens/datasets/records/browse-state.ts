import type { z } from 'zod';
import { type RecordQuery, type recordQuerySchema, recordSortSchema } from '#contract/api/datasets.ts';
import { type RecordState, recordStateSchema, type Split, splitSchema } from '#contract/dataset.ts';
import type { Query } from '../../../routing/routes.ts';

/** A record query with nothing left out. */
export type FullQuery = z.output<typeof recordQuerySchema>;

/** The parts of a record query that facets choose. */
export type FacetName = 'splits' | 'labels' | 'states' | 'tags' | 'poisonedIn';

/** Parameter of the address for each facet. */
export const facetParameters: Record<FacetName, string> = {
  splits: 'split',
  labels: 'label',
  states: 'state',
  tags: 'tag',
  poisonedIn: 'in',
};

/** What the browser of a dataset shows; all of it stands in the address. */
export interface BrowseState {
  query: FullQuery;
  view: 'grid' | 'table';
  /** Side of a tile, px. */
  size: number;
  /** Record shown in the sample panel. */
  record: number | null;
  /** Index of the first record in view. */
  at: number;
  /** Pixels a side at which the panel shows the model's view. */
  resolution: number;
  facetsHidden: boolean;
}

export const tileSizes = { min: 64, max: 256, usual: 104 } as const;
export const resolutions = [32, 64, 128, 224, 336] as const;
const usualResolution = 224;

const isSplit = (text: string): text is Split => splitSchema.options.some((split) => split === text);

const isState = (text: string): text is RecordState =>
  recordStateSchema.options.some((state) => state === text);

const stateWords: Record<RecordState, string> = {
  ready: 'as imported',
  missing: 'picture missing',
  changed: 'picture changed',
  gone: 'no longer in the source',
};

/** What a state of the picture is called. */
export const stateWord = (state: string | null): string =>
  state !== null && isState(state) ? stateWords[state] : '–';

/** A whole number in a range; `fallback` where the text is none. */
function readWhole(text: string | null, min: number, max: number, fallback: number): number {
  const number = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isInteger(number) ? Math.min(max, Math.max(min, number)) : fallback;
}

/** The state that an address holds. What it does not hold, or holds wrongly, is as usual. An empty label is none. */
export function readBrowseState(search: URLSearchParams, dataset: string): BrowseState {
  const record = readWhole(search.get('record'), 0, Number.MAX_SAFE_INTEGER, -1);
  const resolution = Number(search.get('resolution'));
  return {
    query: {
      dataset,
      text: (search.get('q') ?? '').slice(0, 1000),
      splits: search.getAll('split').filter(isSplit),
      labels: search.getAll('label').map((label) => (label === '' ? null : label)),
      states: search.getAll('state').filter(isState),
      tags: search.getAll('tag'),
      poisonedIn: search.getAll('in'),
      variant: search.get('as') || null,
      ...readSort(search.get('sort')),
    },
    view: search.get('view') === 'table' ? 'table' : 'grid',
    size: readWhole(search.get('size'), tileSizes.min, tileSizes.max, tileSizes.usual),
    record: record < 0 ? null : record,
    at: readWhole(search.get('at'), 0, Number.MAX_SAFE_INTEGER, 0),
    resolution: resolutions.find((one) => one === resolution) ?? usualResolution,
    facetsHidden: search.get('facets') === 'hidden',
  };
}

/** Parameters that stand for a query; those of parts it does not narrow are null, which takes them out. */
export function writeQuery(query: Omit<RecordQuery, 'dataset'>): Query {
  const list = (values: readonly (string | null)[] | undefined) =>
    values === undefined || values.length === 0 ? null : values.map((value) => value ?? '');
  return {
    q: query.text ?? null,
    split: list(query.splits),
    label: list(query.labels),
    state: list(query.states),
    tag: list(query.tags),
    in: list(query.poisonedIn),
    as: query.variant ?? null,
    sort: writeSort(query),
  };
}

/** Orders of the records, as they stand in the address, and in words; the first is the dataset's own. */
export const recordOrders = [
  { value: '', label: 'In their order' },
  { value: 'class', label: 'By class' },
  { value: 'caption', label: 'By caption' },
  { value: 'file', label: 'By file name' },
  { value: '-pixels', label: 'Largest first' },
  { value: 'pixels', label: 'Smallest first' },
] as const;

function readSort(text: string | null): Pick<FullQuery, 'sort' | 'descending'> {
  const known = recordOrders.find(({ value }) => value !== '' && value === text)?.value ?? '';
  const descending = known.startsWith('-');
  const parsed = recordSortSchema.safeParse(descending ? known.slice(1) : known);
  return parsed.success ? { sort: parsed.data, descending } : { sort: null, descending: false };
}

/** The order of a query as it stands in the address; null for the dataset's own. */
export const writeSort = ({ sort, descending }: Pick<RecordQuery, 'sort' | 'descending'>): string | null =>
  sort === null || sort === undefined ? null : `${descending === true ? '-' : ''}${sort}`;

/** The values of a facet after a click: a chosen one goes, another comes. */
export function toggleValue(chosen: readonly (string | null)[], value: string | null): (string | null)[] {
  return chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
}

/** Whether a query narrows anything. */
export const isNarrowed = (query: FullQuery): boolean =>
  query.text.trim() !== '' ||
  [query.splits, query.labels, query.states, query.tags, query.poisonedIn].some((part) => part.length > 0);

/** A picture's address at another size; the same where it has none. */
export const atSize = (address: string, sizePx: number): string =>
  address.replace(/([?&]size=)\d+/, `$1${sizePx}`);
