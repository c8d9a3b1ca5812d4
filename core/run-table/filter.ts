import { WorkbenchError } from '#contract/errors.ts';

/** What a cell of the run table holds, in the unit that it is shown in (shares in per cent); null: there is none. */
export type CellValue = string | number | boolean | null | readonly string[];
/** A row by the names of its columns. */
export type TableRow = Readonly<Record<string, CellValue>>;

const operators = ['<=', '>=', '!=', '<', '>', '='] as const;
type Operator = (typeof operators)[number];

/** One condition of a filter; a row must meet all of them. `not` turns it round. */
export type FilterTerm = { not: boolean } & (
  | { kind: 'text'; text: string }
  | { kind: 'compare'; column: string; operator: Operator; value: number | string }
  /** The cell is one of these, or, in a list such as tags, holds one. */
  | { kind: 'one-of'; column: string; values: string[] }
);

/** What `column:none` looks for: a cell without a value. */
const nothing = 'none';

/**
 * Reads a filter such as `lambda >= 2 asr < 10 method:cleanclip,mmcl -tag:old "two words"`: conditions separated by
 * spaces. `name OP value` compares (<, <=, >, >=, =, !=), `name:a,b` takes one of several values, `name:none` cells
 * without one, anything else is text that some cell must hold; a minus in front turns a condition round. Case does not count.
 * @param columns names that may be used
 * @throws WorkbenchError `bad-input` that names the word which cannot be read
 */
export function parseFilter(text: string, columns: readonly string[]): FilterTerm[] {
  const reader = createReader(text);
  const terms: FilterTerm[] = [];
  while (!reader.atEnd()) terms.push(readTerm(reader, columns));
  return terms;
}

/** Whether a row meets all conditions. */
export function meetsFilter(row: TableRow, terms: readonly FilterTerm[]): boolean {
  return terms.every((term) => meetsTerm(row, term) !== term.not);
}

function meetsTerm(row: TableRow, term: FilterTerm): boolean {
  if (term.kind === 'text') return Object.values(row).some((cell) => holdsText(cell, term.text));
  const cell = row[term.column] ?? null;
  if (term.kind === 'one-of') return term.values.some((value) => equals(cell, value));
  if (term.operator === '=') return equals(cell, term.value);
  if (term.operator === '!=') return !equals(cell, term.value);
  if (typeof cell !== 'number' || typeof term.value !== 'number') return false;
  if (term.operator === '<') return cell < term.value;
  if (term.operator === '<=') return cell <= term.value;
  return term.operator === '>' ? cell > term.value : cell >= term.value;
}

function holdsText(cell: CellValue, text: string): boolean {
  const words = typeof cell === 'object' ? (cell ?? []) : [String(cell)];
  return words.some((word) => word.toLowerCase().includes(text.toLowerCase()));
}

function equals(cell: CellValue, value: number | string): boolean {
  if (cell === null) return String(value).toLowerCase() === nothing;
  if (typeof cell === 'object') return cell.some((one) => equals(one, value));
  if (typeof cell === 'number') return cell === Number(value);
  return String(cell).toLowerCase() === String(value).toLowerCase();
}

type Reader = ReturnType<typeof createReader>;

function createReader(text: string) {
  let at = 0;
  const skipSpaces = () => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  skipSpaces();
  return {
    atEnd: () => at >= text.length,
    /** Takes one of these, spaces before it included; null where none stands there. */
    take<T extends string>(symbols: readonly T[]): T | null {
      const before = at;
      skipSpaces();
      const found = symbols.find((symbol) => text.startsWith(symbol, at));
      at = found === undefined ? before : at + found.length;
      return found ?? null;
    },
    /** A quoted text or a word up to a space, or up to an operator in a name. */
    word(end: RegExp): { text: string; quoted: boolean } {
      const quoted = text[at] === '"';
      if (!quoted) {
        const begin = at;
        while (at < text.length && !end.test(text[at]!)) at += 1;
        return { text: text.slice(begin, at), quoted };
      }
      const close = text.indexOf('"', at + 1);
      if (close < 0) throw badFilter(`The text ${text.slice(at)} has no closing quote.`);
      const inside = text.slice(at + 1, close);
      at = close + 1;
      return { text: inside, quoted };
    },
    skipSpaces,
    rest: () => text.slice(at),
  };
}

function readTerm(reader: Reader, columns: readonly string[]): FilterTerm {
  const not = reader.take(['-']) !== null;
  const name = reader.word(/[\s<>=!:]/);
  if (name.text === '' && !name.quoted) {
    throw badFilter(`'${reader.rest() || '-'}' is no condition: write a word or a column's name in front.`);
  }
  const operator = name.quoted ? null : reader.take([...operators, ':']);
  if (operator === null) {
    reader.skipSpaces();
    return { kind: 'text', text: name.text, not };
  }
  const column = findColumn(name.text, columns);
  reader.skipSpaces();
  if (operator === ':') {
    const values = [readValue(reader, /[\s,]/, name.text)];
    while (reader.take([','])) values.push(readValue(reader, /[\s,]/, name.text));
    reader.skipSpaces();
    return { kind: 'one-of', column, values, not };
  }
  const text = readValue(reader, /\s/, name.text);
  reader.skipSpaces();
  return { kind: 'compare', column, operator, value: readComparedValue(text, operator, name.text), not };
}

function readValue(reader: Reader, end: RegExp, name: string): string {
  const { text, quoted } = reader.word(end);
  if (text === '' && !quoted) throw badFilter(`'${name}' is compared with nothing: write a value behind it.`);
  return text;
}

/** A number, per cent sign allowed; what has an order in no other way needs one. */
function readComparedValue(text: string, operator: Operator, name: string): number | string {
  const number = Number(text.replace(/%$/, ''));
  if (text.trim() !== '' && !Number.isNaN(number)) return number;
  if (operator === '=' || operator === '!=') return text;
  throw badFilter(
    `'${name} ${operator} ${text}' compares with a word: write a number, or '${name}:${text}'.`,
  );
}

/** Other names that people write. */
const aliases: Readonly<Record<string, string>> = {
  tag: 'tags',
  run: 'name',
  parent: 'start',
  lr: 'learningrate',
};

/** `learning-rate`, `learning_rate` and `learningRate` are one name. */
function plainName(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[-_]/g, '');
  return aliases[plain] ?? plain;
}

/** The column that a person means, in any spelling. @throws WorkbenchError `bad-input` that lists the columns */
export function findColumn(name: string, columns: readonly string[]): string {
  const found = columns.find((column) => plainName(column) === plainName(name));
  if (found !== undefined) return found;
  throw badFilter(`There is no column '${name}'. Columns: ${columns.join(', ')}.`);
}

function badFilter(message: string): WorkbenchError {
  return new WorkbenchError('bad-input', message, { field: 'filter' });
}
