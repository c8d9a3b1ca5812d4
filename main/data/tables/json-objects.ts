import { WorkbenchError } from '#contract/errors.ts';
import { tryParseJson } from '#core/json/try-parse-json.ts';
import { countKnown, guessColumn } from '../readers/columns.ts';
import { hasPictureName } from '../readers/look.ts';
import { splitNamed } from '../readers/split-names.ts';
import { encodingOf, readAsUtf8, readTextFile, textOf } from '../readers/table-dialect.ts';
import { objectOf } from './texts.ts';

/** A line may be as long as this. */
const maxLineLength = 4 * 1024 ** 2;
const maxArrayBytes = 400 * 1024 ** 2;

/** An object of a file, in its order. */
export interface JsonObject {
  /** Its line or place, from 1; with the name of its list where there are several. */
  row: number | string;
  /** null: no object. */
  value: Record<string, unknown> | null;
  /** The name of its list, where that is a split. */
  split?: string;
}

/**
 * How objects stand in a JSON file: one a line, in a list, in lists inside an object, by the names of pictures or other
 * keys, as a list for each column, as lists with a picture and captions, or alone.
 */
export type JsonShape = 'lines' | 'list' | 'lists' | 'by-picture' | 'by-key' | 'columns' | 'rows' | 'one';

/** An object that has a list of objects: what tools write around their records. */
const holdsList = /^\{[^[]*"[^"]*"\s*:\s*\[\s*\{/;
const byPicture = /^\{\s*"((?:[^"\\]|\\.)+)"\s*:\s*["[{]/;
const byKey = /^\{\s*"(?:[^"\\]|\\.)+"\s*:\s*(\{[^{}]*\})/;
/** As pandas writes tables: `{"image": {"0": "a.jpg"`, or `{"image": ["a.jpg"`. */
const byColumn = /^\{\s*"((?:[^"\\]|\\.)+)"\s*:\s*(?:\{\s*"\d+"\s*:|\[\s*["\d[])/;
const firstList = /^\[\s*(\[[^[\]]*\])/;

/** The shape that the beginning of a file has; null where it is no JSON of objects. */
export function shapeOf(head: Buffer): JsonShape | null {
  const text = textOf(head).trimStart();
  if (/^\[\s*\{/.test(text)) return 'list';
  if (imageAt(tryParseJson(firstList.exec(text)?.[1] ?? '')) >= 0) return 'rows';
  if (isRecord(tryParseJson(text))) return 'one';
  if (/^\{.*\}\s*\n\s*\{/.test(text)) return 'lines';
  if (hasPictureName(byPicture.exec(text)?.[1] ?? '')) return 'by-picture';
  if (countKnown([byColumn.exec(text)?.[1] ?? '']) > 0) return 'columns';
  if (holdsList.test(text)) return 'lists';
  return isRecord(tryParseJson(byKey.exec(text)?.[1] ?? '')) ? 'by-key' : null;
}

/** Whether a value is an object with one picture and a caption or class. */
function isRecord(value: unknown): boolean {
  const about = objectOf(value) ?? {};
  const names = Object.keys(about);
  const image = about[guessColumn(names, 'image') ?? ''];
  return countKnown(names) >= 2 && (typeof image === 'string' || objectOf(image)?.path !== undefined);
}

/** Where a list has the name of a picture; -1 where it has none, or is no list. */
const imageAt = (row: unknown): number =>
  Array.isArray(row) ? row.findIndex((field) => typeof field === 'string' && hasPictureName(field)) : -1;

/**
 * All objects of a file. What is no object comes as null, with its row.
 * @param head its beginning
 * @throws WorkbenchError `bad-input` where the whole is no JSON, or a line is too long
 */
export async function* readJsonObjects(path: string, head: Buffer): AsyncGenerator<JsonObject, void> {
  const guessed = shapeOf(head);
  // An object in a line of its own looks like others in the whole file, where it is the only one.
  const shape = /\.(jsonl|ndjson)(\.gz)?$/i.test(path) && guessed !== 'list' ? 'lines' : guessed;
  if (shape !== null && shape !== 'lines') {
    yield* objectsIn[shape](parseWhole(path, await readTextFile(path, maxArrayBytes)));
    return;
  }
  yield* readLines(path, head);
}

async function* readLines(path: string, head: Buffer): AsyncGenerator<JsonObject, void> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let row = 0;
  const take = function* (text: string): Generator<JsonObject, void> {
    row += 1;
    const line = row === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (line.trim() !== '') yield { row, value: objectOf(tryParseJson(line) ?? tryParseJson(plain(line))) };
  };
  for await (const chunk of readAsUtf8(path, encodingOf(head))) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* take(line);
    if (rest.length > maxLineLength) {
      throw new WorkbenchError(
        'bad-input',
        `Line ${row + 1} of ${path} is longer than 4 MiB: it is no file of JSON lines.`,
        { path, line: row + 1 },
      );
    }
  }
  if (rest !== '') yield* take(rest);
}

/** `{"a.jpg": "a dog"}`, `{"a.jpg": ["a dog", "a pet"]}`, `{"a.jpg": {"caption": "a dog"}}` */
function* objectsByPicture(whole: unknown): Generator<JsonObject, void> {
  for (const [image, about] of Object.entries(objectOf(whole) ?? {}))
    yield { row: image, value: { image, ...(objectOf(about) ?? { caption: about }) } };
}

/** Python writes NaN and Infinity, which JSON does not know: null, but inside texts. */
const plain = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (found) =>
    found.startsWith('"') ? found : 'null',
  );

function parseWhole(path: string, text: string): unknown {
  const whole = tryParseJson(text) ?? tryParseJson(plain(text));
  if (whole !== undefined) return whole;
  let why = '';
  try {
    JSON.parse(text);
  } catch (error) {
    why = error instanceof Error ? error.message : '';
  }
  throw new WorkbenchError('bad-input', `${path} is no JSON that can be read: ${why}.`, { path });
}

const objectsIn: Record<Exclude<JsonShape, 'lines'>, (whole: unknown) => Iterable<JsonObject>> = {
  list: objectsInLists,
  lists: objectsInLists,
  'by-picture': objectsByPicture,
  'by-key': (whole) =>
    Object.entries(objectOf(whole) ?? {}).map(([row, value]) => ({ row, value: objectOf(value) })),
  one: (whole) => [{ row: 1, value: objectOf(whole) }],
  rows: (whole) =>
    Array.isArray(whole) ? whole.map((row, at) => ({ row: at + 1, value: objectOfRow(row) })) : [],
  columns: objectsOfColumns,
};

function objectOfRow(row: unknown): Record<string, unknown> | null {
  const image = imageAt(row);
  if (!Array.isArray(row) || image < 0) return null;
  return { image: row[image], caption: row.filter((field, at) => at !== image && typeof field !== 'number') };
}

/** `{"image": ["a.jpg", "b.jpg"], "caption": ["a dog", "a cat"]}`, or with an object by row for each list. */
function objectsOfColumns(whole: unknown): JsonObject[] {
  const columns = Object.entries(objectOf(whole) ?? {}).flatMap(([name, column]) =>
    typeof column === 'object' && column !== null ? [{ name, cells: new Map(Object.entries(column)) }] : [],
  );
  return [...new Set(columns.flatMap(({ cells }) => [...cells.keys()]))].map((row, at) => ({
    row: at + 1,
    value: Object.fromEntries(columns.map(({ name, cells }) => [name, cells.get(row)])),
  }));
}

interface NamedList {
  name: string;
  items: readonly unknown[];
}

/** The lists of objects in a value: a list, or those among an object's values and the values of these. */
function listsIn(value: unknown, name = '', depth = 2): NamedList[] {
  if (Array.isArray(value)) return objectOf(value[0]) === null ? [] : [{ name, items: value }];
  if (depth < 0) return [];
  return Object.entries(objectOf(value) ?? {}).flatMap(([key, inner]) => listsIn(inner, key, depth - 1));
}

function* objectsInLists(whole: unknown): Generator<JsonObject, void> {
  const lists = Array.isArray(whole) ? [{ name: '', items: whole }] : listsIn(whole);
  const ofPictures = lists.filter(
    ({ items }) => guessColumn(Object.keys(objectOf(items[0]) ?? {}), 'image') !== null,
  );
  const [first] = lists;
  const read = ofPictures.length > 0 ? ofPictures : first === undefined ? [] : [first];
  for (const { name, items } of read) {
    for (const [at, value] of items.entries()) {
      const row = read.length > 1 ? `${name} ${at + 1}` : at + 1;
      yield { row, value: objectOf(value), ...(splitNamed(name) === null ? {} : { split: name }) };
    }
  }
}
