import { WorkbenchError } from '#contract/errors.ts';
import { tryParseJson } from '#core/json/try-parse-json.ts';
import { guessColumn } from '../readers/columns.ts';
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

/** How objects stand in a JSON file: one a line, in a list, in lists inside an object, or by the names of pictures. */
export type JsonShape = 'lines' | 'list' | 'lists' | 'by-picture';

/** An object that has a list of objects: what tools write around their records. */
const holdsList = /^\{[^[]*"[^"]*"\s*:\s*\[\s*\{/;
const byPicture = /^\{\s*"((?:[^"\\]|\\.)+)"\s*:\s*["[{]/;

/** The shape that the beginning of a file has; null where it is no JSON of objects. */
export function shapeOf(head: Buffer): JsonShape | null {
  const text = textOf(head).trimStart();
  if (/^\[\s*\{/.test(text)) return 'list';
  if (/^\{.*\}\s*\n\s*\{/.test(text)) return 'lines';
  if (hasPictureName(byPicture.exec(text)?.[1] ?? '')) return 'by-picture';
  return holdsList.test(text) ? 'lists' : null;
}

/**
 * All objects of a file. What is no object comes as null, with its row.
 * @param head its beginning
 * @throws WorkbenchError `bad-input` where the whole is no JSON, or a line is too long
 */
export async function* readJsonObjects(path: string, head: Buffer): AsyncGenerator<JsonObject, void> {
  const shape = shapeOf(head);
  if (shape !== null && shape !== 'lines') {
    const whole = tryParseJson(await readTextFile(path, maxArrayBytes));
    if (whole === undefined) {
      throw new WorkbenchError('bad-input', `${path} is no JSON that can be read.`, { path });
    }
    yield* shape === 'by-picture' ? objectsByPicture(whole) : objectsInLists(whole);
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
    if (line.trim() !== '') yield { row, value: objectOf(tryParseJson(line)) };
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
