import { WorkbenchError } from '#contract/errors.ts';
import { listFirst } from '#core/list-first.ts';
import { type ColumnMapping, type Found, note, type ReaderOptions } from './reader.ts';
import { splitNamed } from './split-names.ts';
import { isWebAddress } from './web-address.ts';

/** Names that columns often have, the most telling first; of two that fit the first counts. */
const usualNames = {
  image: [
    'image',
    'image_path',
    'img_path',
    'filepath',
    'file_path',
    'file_name',
    'filename',
    'image_name',
    'image_file',
    'image_filename',
    'image_filepath',
    'image_file_path',
    'imagepath',
    'img_name',
    'img_file',
    'img_id',
    'fname',
    'picture_path',
    'local_path',
    'local_file',
    'image_local_path',
    'image_location',
    'image_index',
    'photo',
    'photo_path',
    'path',
    'file',
    'img',
    'picture',
    'jpg',
    'png',
    'webp',
    'image_id',
    'images',
    'image_url',
    'url',
  ],
  caption: [
    'caption',
    'captions',
    'title',
    'text',
    'comment',
    'description',
    'sentence',
    'sentences',
    'txt',
    'alt_text',
    'alt',
    'caption_text',
    'caption_str',
    'text_caption',
    'long_caption',
    'short_caption',
    'utterance',
    'transcript',
    'conversations',
    'messages',
    'raw',
    'prompt',
  ],
  label: [
    // Names before numbers, where a table has both.
    'class_name',
    'label_name',
    'category_name',
    'label_text',
    'label',
    'class',
    'category',
    'class_id',
    'fine_label',
    'labels',
    'classid',
    'class_label',
    'species',
    'breed',
    'diagnosis',
    'dx',
    'finding_labels',
    'wnid',
    'synset',
    'target',
    'cls',
  ],
  split: ['split', 'set', 'subset', 'partition', 'fold', 'data_set', 'dataset_split'],
} as const;

/** One spelling for column names: `ImagePath`, `image-path` and `image path` are one. */
function simplify(name: string): string {
  return name
    .trim()
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}

type Role = keyof typeof usualNames;

/** What the first row has in each column, as far as that is a text. */
export type FirstRow = Readonly<Record<string, unknown>>;

export function guessColumn(columns: readonly string[], role: Role, first: FirstRow = {}): string | null {
  const usual = usualNames[role].flatMap(
    (name) => columns.find((candidate) => simplify(candidate) === name) ?? [],
  );
  const fitting = usual.find((column) => maybe(role, first[column]));
  if (fitting !== undefined) return fitting;
  // Folds and the like, which are numbers, are no splits; an address is better than no picture.
  if (usual[0] !== undefined && role !== 'split') return usual[0];
  if (role !== 'caption') return null;
  const isFirst = (column: string) =>
    isUsual('caption', unnumbered(column)) && unnumbered(column) !== simplify(column);
  return columns.find(isFirst) ?? null;
}

/** Whether a value may be what its column is called. */
function maybe(role: Role, value: unknown): boolean {
  const text = String(value ?? '').trim();
  if (role === 'image') return !isWebAddress(text);
  return role !== 'split' || !/^-?\d+(\.\d+)?$/.test(text);
}

const isUsual = (role: Role, name: string): boolean => (usualNames[role] as readonly string[]).includes(name);

/** `is_train`, `test_set` and the like: what they say is not known. */
const saysSplit = (column: string): boolean =>
  simplify(column)
    .split('_')
    .some((word) => splitNamed(word) !== null);

/** `caption_1`, `caption 2` and `caption3` without their number. */
const unnumbered = (column: string): string => simplify(column).replace(/_?\d+$/, '');

/** The columns whose captions are read: the one that was named, else all that differ from the one found by a number. */
export function captionColumns(
  columns: readonly string[],
  { caption }: ColumnMapping,
  { captionColumn }: ReaderOptions,
): string[] {
  if (caption === null) return [];
  if (captionColumn !== undefined) return [caption];
  return columns.filter((column) => column === caption || unnumbered(column) === unnumbered(caption));
}

/** Says which columns were read as captions where there are several, and which that look like captions or classes were not. */
export function* columnNotes(
  columns: readonly string[],
  { caption, label, image, split }: ColumnMapping,
  captions: readonly string[],
): Generator<Found, void> {
  const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');
  if (captions.length > 1)
    yield note('columns', `Each of ${quoted(captions)} is read as a caption.`, captions.length);
  const unread = columns.filter(
    (column) =>
      ![image, label, split, ...captions].includes(column) &&
      (isUsual('caption', unnumbered(column)) ||
        isUsual('label', simplify(column)) ||
        isUsual('split', simplify(column)) ||
        saysSplit(column)),
  );
  if (unread.length === 0) return;
  const classes = label === null ? '' : `'${label}'`;
  const read =
    caption === null
      ? `Classes are read from ${classes}`
      : `Captions are read from ${quoted(captions)}${label === null ? '' : ` and classes from ${classes}`}`;
  yield note(
    'columns',
    `${read}; ${quoted(unread)} ${unread.length === 1 ? 'is' : 'are'} not read (--caption-column, --label-column and --split-column choose others).`,
    unread.length,
  );
}

/** How many of the four roles these names seem to fill: what a header is known by. */
export function countKnown(columns: readonly string[]): number {
  return (['image', 'caption', 'label', 'split'] as const).filter(
    (role) => guessColumn(columns, role) !== null,
  ).length;
}

/**
 * Which column is what: as named by the person, else guessed. A table needs pictures, and captions or labels.
 * @param first its first row, which tells paths from addresses, and splits from numbers
 * @throws WorkbenchError `bad-input` where a named column is not there or occurs twice, or none is found
 */
export function mapColumns(
  path: string,
  columns: readonly string[],
  options: ReaderOptions,
  first: FirstRow = {},
): ColumnMapping {
  const { imageColumn, captionColumn, labelColumn, splitColumn } = options;
  const find = (role: Role, named: string | null | undefined): string | null => {
    if (named === null) return null;
    const name = named ?? guessColumn(columns, role, first);
    if (name === null) return null;
    const at = columns.indexOf(name);
    if (at < 0) throw missing(path, columns, `no column '${name}'`);
    if (columns.includes(name, at + 1)) {
      throw new WorkbenchError('bad-input', `${path} has two columns named '${name}': rename one of them.`, {
        path,
        columns,
      });
    }
    return name;
  };
  const mapping = {
    image: find('image', imageColumn),
    caption: find('caption', captionColumn),
    label: find('label', labelColumn),
    split: find('split', splitColumn),
  };
  if (mapping.image === null) throw unclear(path, columns, 'paths of the pictures');
  if (mapping.caption === null && mapping.label === null)
    throw unclear(path, columns, 'captions, or the labels');
  return mapping;
}

function missing(path: string, columns: readonly string[], what: string): WorkbenchError {
  return new WorkbenchError(
    'bad-input',
    `${path} has ${what}. Its columns are ${listColumns(columns)}: name the right one (--image-column, --caption-column), or the right delimiter (--delimiter).`,
    { path, columns },
  );
}

function listColumns(columns: readonly string[]): string {
  return listFirst(
    columns.map((name) => `'${name.slice(0, 40)}'`),
    12,
  );
}

function unclear(path: string, columns: readonly string[], what: string): WorkbenchError {
  return new WorkbenchError(
    'bad-input',
    `Name the column of the ${what}: no name in the first row of ${path} looks like it. Its columns are ${listColumns(columns)} (--image-column, --caption-column, --label-column), or name the delimiter (--delimiter).`,
    { path, columns },
  );
}
