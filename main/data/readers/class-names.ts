import { dirname, join } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { readRegularFile } from '../files/open-regular-file.ts';

/** What class ids and numbers stand for; both empty where nothing is known. */
export interface ClassNames {
  byId: ReadonlyMap<string, string>;
  inOrder: readonly string[];
  /** Numbers and underscores are taken out of names. */
  tidy: boolean;
  /** Names of now by the names that the rest gives: classes were renamed after an import. */
  renamed: ReadonlyMap<string, string>;
  /** The file that lay beside the data and was taken without being asked for. */
  found?: string;
}

export const noNames: ClassNames = { byId: new Map(), inOrder: [], tidy: false, renamed: new Map() };

const maxBytes = 16 * 1024 ** 2;

/** Files that name ids or numbers, as ImageNet, Tiny ImageNet, Keras and the reference have them beside their data. */
const usualFiles = {
  byId: ['LOC_synset_mapping.txt', 'synset_words.txt', 'words.txt', 'imagenet_class_index.json'],
  inOrder: ['classes.py'],
} as const;

/**
 * The names of classes in a usual file of a folder, names by id also of the folder above (ImageNet's train/ alone); null
 * where there is none that can be read.
 */
export async function findNames(
  folder: string,
): Promise<Pick<ClassNames, 'byId' | 'inOrder' | 'found'> | null> {
  for (const place of [folder, dirname(folder)]) {
    for (const found of usualFiles.byId) {
      const byId = await readNamesFile(join(place, found)).catch(() => null);
      if (byId !== null) return { byId, inOrder: [], found };
    }
  }
  for (const found of usualFiles.inOrder) {
    const inOrder = await readClassesFile(join(folder, found)).catch(() => null);
    if (inOrder !== null) return { byId: new Map(), inOrder, found };
  }
  return null;
}

/** The name of a class by its id, its number in a list, or as it is written. */
export function nameClass(names: ClassNames, written: string): string {
  const { byId, inOrder, tidy, renamed } = names;
  // Most tables: nothing is known of their classes but what they say.
  if (byId.size === 0 && inOrder.length === 0 && !tidy && renamed.size === 0) return written;
  const name = nameAtImport(names, written);
  return renamed.get(name) ?? name;
}

function nameAtImport(names: ClassNames, written: string): string {
  // pandas writes whole numbers with `.0` where a column has gaps.
  const number = /^(\d+)(?:\.0+)?$/.exec(written)?.[1];
  const named =
    names.byId.get(written) ??
    (number === undefined ? undefined : (names.byId.get(number) ?? names.inOrder[Number(number)]));
  if (named !== undefined) return named;
  return names.tidy ? tidyName(written) : written;
}

/** Without a leading number ('001.Black_footed_Albatross') and with spaces for underscores. */
export function tidyName(name: string): string {
  const tidied = name
    .replace(/^\d+[._\s-]+(?=\D)/, '')
    .replaceAll('_', ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return tidied === '' ? name : tidied;
}

/** Whether a name says nothing to a text tower: a WordNet id, or a number. */
export function looksLikeId(name: string): boolean {
  return /^n\d{8}$/.test(name) || /^\d+(\.0+)?$/.test(name) || /^\/m\/\w+$/.test(name);
}

/**
 * Reads a file of class ids and names: a line each (`n01440764 tench, Tinca tinca`, with a space, tab, comma, semicolon
 * or colon between), or JSON ({"n01440764": "tench"}, or Keras's {"0": ["n01440764", "tench"]}). Of several words for one
 * class the first is taken.
 * @throws WorkbenchError `not-found`; `bad-input` where a line is no id with a name
 */
export async function readNamesFile(path: string): Promise<Map<string, string>> {
  const text = await readText(path);
  if (/^\s*\{/.test(text)) return namesOfJson(path, text);
  const names = new Map<string, string>();
  for (const [at, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const found = /^\s*"?([^\s,;:"]+)"?\s*[\t,;: ]\s*(.+?)\s*$/.exec(line);
    if (found === null) {
      throw new WorkbenchError(
        'bad-input',
        `Line ${at + 1} of ${path} must have a class id and its name, for instance 'n01440764 tench': it is '${line.slice(0, 60)}'. For a plain list of names use --classes.`,
        { path, line: at + 1 },
      );
    }
    const [, id = '', rest = ''] = found;
    if (names.size === 0 && /^(class_?id|id|wnid|synset|label|class|index)$/i.test(id)) continue;
    names.set(id, firstWord(rest));
  }
  return names;
}

/**
 * Reads a list of class names in the order of their numbers: a line each, a JSON list, or the reference's classes.py
 * ({"classes": [...], ...}).
 * @throws WorkbenchError `not-found`; `bad-input` where it has none
 */
export async function readClassesFile(path: string): Promise<string[]> {
  const text = await readText(path);
  const bracketed = /["']classes["']\s*:\s*\[/.exec(text) ?? /^\s*(?:\w+\s*=\s*)?\[/m.exec(text);
  const classes =
    bracketed !== null && (/\.(py|json)$/i.test(path) || /^\s*[[{]/.test(text) || /^\s*\w+\s*=/.test(text))
      ? stringsIn(text, bracketed.index + bracketed[0].length)
      : text
          .split(/\r\n|\r|\n/)
          .map((line) => line.trim())
          .filter((line) => line !== '');
  if (classes.length > 0) return classes;
  throw new WorkbenchError('bad-input', `${path} has no class names: write one on each line.`, { path });
}

/** Quoted strings up to the closing bracket, as Python and JSON write them. */
function stringsIn(text: string, start: number): string[] {
  const found: string[] = [];
  const token = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\]/gs;
  token.lastIndex = start;
  for (let match = token.exec(text); match !== null && match[0] !== ']'; match = token.exec(text)) {
    found.push((match[1] ?? match[2] ?? '').replaceAll(/\\(.)/g, '$1'));
  }
  return found;
}

function namesOfJson(path: string, text: string): Map<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WorkbenchError('bad-input', `${path} is no JSON that can be read.`, { path }, { cause });
  }
  const names = new Map<string, string>();
  for (const [id, name] of Object.entries(value ?? {})) {
    if (typeof name === 'string') names.set(id, firstWord(name));
    else if (Array.isArray(name) && typeof name[0] === 'string' && typeof name[1] === 'string') {
      names.set(name[0], name[1].replaceAll('_', ' '));
      names.set(id, name[1].replaceAll('_', ' '));
    }
  }
  return names;
}

function firstWord(text: string): string {
  const quoted = /^"(.*)"$/.exec(text.trim());
  return (quoted?.[1] ?? text).split(',')[0]!.trim();
}

async function readText(path: string): Promise<string> {
  return (await readRegularFile(path, maxBytes, 'file of class names'))
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
