import type { Split } from '#contract/dataset.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { listFirst } from '#core/list-first.ts';
import { chooseTemplate } from '../importing/choose-template.ts';
import { nameClass } from './class-names.ts';
import type { createPictureFinder, FoundPath } from './find-picture.ts';
import { type Found, type FoundPair, type ReaderOptions, skipped } from './reader.ts';
import { splitNamed } from './split-names.ts';
import { isWebAddress } from './web-address.ts';

/** What a row says, in whatever table it stands. */
export interface RowValues {
  row: number | string;
  /** The picture's path as it is written; '' where there is none. */
  image: string;
  /** null: the table has no captions, so they are made from templates. */
  captions: string[] | null;
  /** What stands where no caption was found, in words; left out: nothing does. */
  noCaption?: string | null;
  label: string | null;
  /** What stands where a class should be and is none, in words. */
  noLabel?: string | null;
  split: string | null;
}

/** What was seen while rows were read, for the notes at the end. */
export interface Seen {
  repairs: Map<string, number>;
  madeCaptions: boolean;
  /** Cells of captions that are lists. */
  lists: number;
  /** Captions with U+FFFD, which stands for bytes that are no text. */
  unreadable: number;
  /** Rows with a caption whose class is none. */
  noLabels: number;
  noLabel: string | null;
}

export function newSeen(): Seen {
  return { repairs: new Map(), madeCaptions: false, lists: 0, unreadable: 0, noLabels: 0, noLabel: null };
}

/** The pairs of a row whose picture is a file; or the reason why it is left out. */
export function pairsOfRow(...of: ArgumentsBehind<typeof addPairsOfRow>): Found[] {
  const found: Found[] = [];
  addPairsOfRow(found, ...of);
  return found;
}

/** The pairs of a picture that is found already. */
export function pairsOfPicture(...of: ArgumentsBehind<typeof addPairsOfPicture>): Found[] {
  const found: Found[] = [];
  addPairsOfPicture(found, ...of);
  return found;
}

type ArgumentsBehind<F> = F extends (found: Found[], ...behind: infer Behind) => void ? Behind : never;

/** {@link pairsOfRow} behind what was found before: of a long table each further list or object would be felt. */
export function addPairsOfRow(
  into: Found[],
  values: RowValues,
  find: ReturnType<typeof createPictureFinder>,
  options: ReaderOptions,
  seen: Seen,
  splitElse: Split = 'train',
): void {
  const { row, image } = values;
  const written = image.trim();
  const split = splitOfRow(values.split, splitElse);
  const found = isPath(written) ? find(written, split) : null;
  const reason = reasonAgainst(written, found);
  if (reason !== null) {
    into.push(skipped(row, reason));
    return;
  }
  if (found === null) {
    addPairs(into, values, { row, key: written, missing: true }, options, seen, split);
    return;
  }
  const { key, repair } = found;
  if (repair !== null) seen.repairs.set(repair, (seen.repairs.get(repair) ?? 0) + 1);
  addPairs(into, values, { row, key }, options, seen, split);
}

// Of a long table the quick looks count.
const isPath = (written: string): boolean =>
  written !== '' && written.length <= longestPath && !(written.includes(':') && isElsewhere(written));

const isElsewhere = (written: string): boolean => isWebAddress(written) || /^data:image\//i.test(written);

/** No system has longer ones. */
const longestPath = 4096;

/** Why a row's picture is left out, as it is written and was found; null: it is not. */
function reasonAgainst(written: string, found: FoundPath | null): string | null {
  if (written === '') return 'names no picture';
  if (written.length > longestPath || (written.startsWith('data:') && !isPath(written))) {
    return `has a text of ${written.length.toLocaleString('en-GB')} characters in place of a path, such as a picture in base64: save the pictures as files`;
  }
  if (!isPath(written)) {
    return `has a web address in place of a picture (${written.slice(0, 80)}): download the pictures first (img2dataset), then import its folder`;
  }
  if (found?.among === undefined) return null;
  return `names a picture that lies in several folders (${listFirst(found.among, 3)}): write its folder before its name`;
}

function addPairsOfPicture(
  into: Found[],
  values: Omit<RowValues, 'image'>,
  picture: Picture,
  options: ReaderOptions,
  seen: Seen,
  splitElse: Split = 'train',
): void {
  addPairs(into, values, picture, options, seen, splitOfRow(values.split, splitElse));
}

type Picture = Pick<FoundPair, 'row' | 'key' | 'source' | 'missing'>;

/** @param split null: the row's is not known */
function addPairs(
  into: Found[],
  values: Omit<RowValues, 'image'>,
  picture: Picture,
  options: ReaderOptions,
  seen: Seen,
  split: Split | null,
): void {
  const { row, captions, noCaption = null, noLabel = null } = values;
  if (split === null) {
    into.push(skipped(row, `has the unknown split '${values.split}': train, validation and test are known`));
    return;
  }
  const written = values.label?.trim() ?? '';
  if (hasControls(written)) {
    into.push(skipped(row, 'has bytes that are no text in place of a class'));
    return;
  }
  const label = written === '' ? null : nameClass(options.names, written);
  const texts = captions === null ? captionsOfClass(label, picture.key, options, seen) : withText(captions);
  if (texts.length === 0) {
    const nothing =
      noLabel === null ? 'has neither a caption nor a label' : `has ${noLabel} in place of a class`;
    const empty = noCaption === null ? 'has an empty caption' : `has ${noCaption} in place of a caption`;
    into.push(skipped(row, captions === null ? nothing : empty));
    return;
  }
  if (noLabel !== null) {
    seen.noLabels += 1;
    seen.noLabel ??= noLabel;
  }
  const { key, source, missing } = picture;
  const isPlain = source === undefined && missing === undefined;
  for (const caption of texts) {
    if (captions !== null && caption.includes('\uFFFD')) seen.unreadable += 1;
    if (isPlain) into.push({ kind: 'pair', row: picture.row, key, caption, label, split });
    else into.push({ kind: 'pair', ...picture, caption, label, split });
  }
}

function captionsOfClass(
  name: string | null,
  key: string,
  { templates }: ReaderOptions,
  seen: Seen,
): readonly string[] {
  if (name === null) return [];
  seen.madeCaptions = true;
  return [fillTemplate(chooseTemplate(templates, key), { class: name, label: name, tag: name })];
}

const hasText = (caption: string): boolean => caption.trim() !== '';
const withText = (captions: readonly string[]): readonly string[] =>
  captions.every(hasText) ? captions : captions.filter(hasText);

/** Numbers in bytes begin with such a one, or have zeros. */
const hasControls = (text: string): boolean => text.charCodeAt(0) < 9 || text.includes('\0');

/** null: it is written, and not known. */
function splitOfRow(split: string | null, splitElse: Split): Split | null {
  const written = split?.trim() ?? '';
  return written === '' ? splitElse : splitNamed(written);
}
