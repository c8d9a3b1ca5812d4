import type { RunTable } from '#contract/api/runs.ts';

export type TableColumn = RunTable['columns'][number];

/** A column as it is shown. */
export interface ShownColumn {
  name: string;
  /** px */
  width: number;
  /** Stays at the left while the rest scrolls. */
  pinned: boolean;
}

const defaultWidths: Readonly<Record<string, number>> = { name: 220, note: 200, variant: 160, dataset: 110 };
/** px */
export const rowHeight = 28;
const leastWidth = 50;
const mostWidth = 800;

export const widthOf = (name: string): number => defaultWidths[name] ?? 96;
export const fitWidth = (width: number): number =>
  Math.round(Math.min(mostWidth, Math.max(leastWidth, width)));

/** What the table begins with. */
export const firstColumns: readonly ShownColumn[] = [
  { name: 'name', width: widthOf('name'), pinned: true },
  ...[
    'state',
    'method',
    'lambda',
    'dataset',
    'trigger',
    'poisons',
    'seed',
    'ca',
    'asr',
    'poisonedAccuracy',
  ].map((name) => ({ name, width: widthOf(name), pinned: false })),
];

/** Columns from the address, `name:240!` for one of 240 px that is pinned; pinned ones come first. */
export function readColumns(text: string | null): ShownColumn[] {
  if (text === null || text === '') return [...firstColumns];
  const columns = text.split(',').flatMap((entry) => {
    const match = /^([^:!]+)(?::(\d+))?(!)?$/.exec(entry);
    const name = match?.[1];
    if (name === undefined) return [];
    const width = match?.[2] === undefined ? widthOf(name) : fitWidth(Number(match[2]));
    return [{ name, width, pinned: match?.[3] === '!' }];
  });
  const once = [...new Map(columns.map((column) => [column.name, column])).values()];
  return once.length === 0
    ? [...firstColumns]
    : [...once.filter(({ pinned }) => pinned), ...once.filter(({ pinned }) => !pinned)];
}

/** For the address; null where it is as it began. */
export function writeColumns(columns: readonly ShownColumn[]): string | null {
  const write = (list: readonly ShownColumn[]) =>
    list
      .map(
        ({ name, width, pinned }) =>
          `${name}${width === widthOf(name) ? '' : `:${width}`}${pinned ? '!' : ''}`,
      )
      .join(',');
  const text = write(columns);
  return text === write(firstColumns) ? null : text;
}

/** A column moved by so many places among those that are pinned alike. */
export function moveColumn(columns: readonly ShownColumn[], name: string, by: number): ShownColumn[] {
  const from = columns.findIndex((column) => column.name === name);
  const to = from + by;
  const [moved, other] = [columns[from], columns[to]];
  if (moved === undefined || other === undefined || moved.pinned !== other.pinned) return [...columns];
  const next = columns.filter((_, index) => index !== from);
  next.splice(to, 0, moved);
  return next;
}

/** The ids from one row to another, in their order, for a choice with Shift. */
export function idsBetween(ids: readonly string[], from: string | null, to: string): string[] {
  const [a, b] = [ids.indexOf(from ?? to), ids.indexOf(to)];
  if (a < 0 || b < 0) return [to];
  return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** The columns to ask for and to write: an ASR never goes without whether the model was trained on the attack. */
export function withWhatItNeeds(names: readonly string[]): string[] {
  return names.flatMap((name) =>
    name === 'asr' && !names.includes('trainedOn') ? [name, 'trainedOn'] : [name],
  );
}

/** What stands beside a cell: the ASR of a model that was never trained on the attack is marked. */
export function markOf(name: string, trainedOn: unknown): string {
  return name === 'asr' && trainedOn === false ? ' clean' : '';
}

/** A cell as it is shown. */
export function cellText(
  value: string | number | boolean | null | readonly string[] | undefined,
  { unit, numeric, name }: Pick<TableColumn, 'unit' | 'numeric' | 'name'>,
  formatNumber: (value: number) => string,
): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'object') return value.length === 0 ? '–' : value.join(' ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number')
    return unit === 'percent' ? value.toFixed(1) : numeric ? formatNumber(value) : String(value);
  return name === 'created' || name === 'ended' ? value.slice(0, 16).replace('T', ' ') : value;
}
