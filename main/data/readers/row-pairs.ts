import type { Split } from '#contract/dataset.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { chooseTemplate } from '../importing/choose-template.ts';
import { nameClass } from './class-names.ts';
import type { createPictureFinder } from './find-picture.ts';
import { type Found, type FoundPair, type ReaderOptions, skipped } from './reader.ts';
import { splitNamed } from './split-names.ts';

/** What a row says, in whatever table it stands. */
export interface RowValues {
  row: number | string;
  /** The picture's path as it is written; '' where there is none. */
  image: string;
  /** null: the table has no captions, so they are made from templates. */
  captions: string[] | null;
  label: string | null;
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
}

export function newSeen(): Seen {
  return { repairs: new Map(), madeCaptions: false, lists: 0, unreadable: 0 };
}

/** The pairs of a row whose picture is a file; or the reason why it is left out. */
export function* pairsOfRow(
  { row, image, captions, label, split }: RowValues,
  find: ReturnType<typeof createPictureFinder>,
  options: ReaderOptions,
  seen: Seen,
  splitElse: Split = 'train',
): Generator<Found, void> {
  const written = image.trim();
  if (written === '') return yield skipped(row, 'names no picture');
  if (/^(https?|ftp|s3|gs):\/\//i.test(written)) {
    return yield skipped(
      row,
      `has a web address in place of a picture (${written.slice(0, 80)}): download the pictures first (img2dataset), then import its folder`,
    );
  }
  const place = split === null || split.trim() === '' ? splitElse : splitNamed(split.trim());
  const found = find(image, place);
  if (found?.among !== undefined) {
    return yield skipped(
      row,
      `names a picture that lies in several folders (${found.among.slice(0, 3).join(', ')}): write its folder before its name`,
    );
  }
  if (found?.repair != null) seen.repairs.set(found.repair, (seen.repairs.get(found.repair) ?? 0) + 1);
  yield* pairsOfPicture(
    { row, captions, label, split },
    { row, key: found?.key ?? written },
    options,
    seen,
    splitElse,
  );
}

/** The pairs of a picture that is found already. */
export function* pairsOfPicture(
  { row, captions, label, split }: Omit<RowValues, 'image'>,
  picture: Pick<FoundPair, 'row' | 'key' | 'source'>,
  options: ReaderOptions,
  seen: Seen,
  splitElse: Split = 'train',
): Generator<Found, void> {
  const place = split === null || split.trim() === '' ? splitElse : splitNamed(split.trim());
  if (place === null) {
    return yield skipped(row, `has the unknown split '${split}': train, validation and test are known`);
  }
  const written = label?.trim() ?? '';
  const name = written === '' ? null : nameClass(options.names, written);
  if (captions === null) {
    if (name === null) return yield skipped(row, 'has neither a caption nor a label');
    seen.madeCaptions = true;
    const caption = fillTemplate(chooseTemplate(options.templates, picture.key), {
      class: name,
      label: name,
      tag: name,
    });
    return yield { kind: 'pair', ...picture, caption, label: name, split: place };
  }
  const filled = captions.filter((caption) => caption.trim() !== '');
  if (filled.length === 0) return yield skipped(row, 'has an empty caption');
  for (const caption of filled) if (caption.includes('\uFFFD')) seen.unreadable += 1;
  for (const caption of filled) yield { kind: 'pair', ...picture, caption, label: name, split: place };
}
