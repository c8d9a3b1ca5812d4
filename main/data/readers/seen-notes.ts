import { type Repair, repairWords } from './find-picture.ts';
import { type Found, note, type ReaderOptions } from './reader.ts';
import type { Seen } from './row-pairs.ts';

/** What is to be said of what was seen while rows were read. */
export function* seenNotes(
  { repairs, madeCaptions, lists, unreadable, noLabels, noLabel }: Seen,
  { templates }: ReaderOptions,
): Generator<Found, void> {
  for (const [repair, count] of repairs) {
    yield note('path-repaired', `${count} paths ${repairWords[repair as Repair]}.`, count);
  }
  if (lists > 0) yield note('columns', `${lists} cells hold a list: each of its texts is a caption.`, lists);
  if (unreadable > 0) {
    yield note(
      'unreadable-text',
      `${unreadable} captions have the character U+FFFD, which stands for bytes that are no text: save the file as UTF-8.`,
      unreadable,
    );
  }
  if (noLabels > 0) {
    yield note(
      'columns',
      `${noLabels} ${noLabels === 1 ? 'pair has' : 'pairs have'} no class: where it should be stands ${noLabel}.`,
      noLabels,
    );
  }
  if (madeCaptions) {
    yield note('captions-made', `Captions are made from the labels: ${templates.slice(0, 3).join(' | ')}`);
  }
}
