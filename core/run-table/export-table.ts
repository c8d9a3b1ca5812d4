import type { RunColumn } from './columns.ts';
import type { CellValue, TableRow } from './filter.ts';

/** What a table is written as. Tabs are for the clipboard. */
export const tableFormats = ['tabs', 'csv', 'json', 'latex'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** Columns and rows as text, in the order in which they are shown; shares in per cent, with all their digits but in LaTeX. */
export function writeTable(
  format: TableFormat,
  columns: readonly Pick<RunColumn, 'name' | 'label' | 'unit' | 'numeric'>[],
  rows: readonly TableRow[],
): string {
  return writers[format](columns, rows);
}

type Columns = Parameters<typeof writeTable>[1];

const writers = {
  tabs: (columns, rows) =>
    lines(columns, rows, (cell) => plain(cell).replaceAll(/[\t\r\n]+/g, ' '), '\t', '\n'),
  csv: (columns, rows) => lines(columns, rows, quoted, ',', '\r\n'),
  json: (columns, rows) =>
    `${JSON.stringify(
      {
        columns: columns.map(({ name, label, unit }) => ({ name, label, unit })),
        rows: rows.map((row) => Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null]))),
      },
      null,
      2,
    )}\n`,
  latex,
} as const satisfies Record<TableFormat, (columns: Columns, rows: readonly TableRow[]) => string>;

function lines(
  columns: Columns,
  rows: readonly TableRow[],
  write: (cell: CellValue) => string,
  comma: string,
  end: string,
): string {
  const head = columns.map(({ label, unit }) => write(unit === null ? label : `${label}, %`));
  const body = rows.map((row) => columns.map(({ name }) => write(row[name] ?? null)));
  return [head, ...body].map((cells) => `${cells.join(comma)}${end}`).join('');
}

const plain = (cell: CellValue): string =>
  cell === null ? '' : typeof cell === 'object' ? cell.join(' ') : String(cell);

/**
 * RFC 4180. What a spreadsheet would take for a formula (it begins with = + - @, and is no number) gets an apostrophe in
 * front.
 */
function quoted(cell: CellValue): string {
  const text = plain(cell);
  const safe = typeof cell !== 'number' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function latex(columns: Columns, rows: readonly TableRow[]): string {
  const cells = (row: TableRow) =>
    columns.map(({ name, unit }) => {
      const cell = row[name] ?? null;
      if (cell === null) return '--';
      return unit === 'percent' && typeof cell === 'number' ? cell.toFixed(1) : escapeLatex(plain(cell));
    });
  return [
    '% Needs \\usepackage{booktabs}.',
    `\\begin{tabular}{${columns.map(({ numeric }) => (numeric ? 'r' : 'l')).join('')}}`,
    '  \\toprule',
    `  ${columns.map(({ label, unit }) => escapeLatex(unit === null ? label : `${label}, %`)).join(' & ')} \\\\`,
    '  \\midrule',
    ...rows.map((row) => `  ${cells(row).join(' & ')} \\\\`),
    '  \\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};
const escapeLatex = (text: string) =>
  text.replaceAll(/[\\{}$&#_%^~]/g, (character) => special[character] ?? `\\${character}`);
