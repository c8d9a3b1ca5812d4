import type { ImportNote } from '#contract/import.ts';
import { countDuplicates } from '#db/datasets/duplicates.ts';
import type { Database } from '#db/open.ts';

/** What a person should know of the duplicates of a dataset (its number). */
export function duplicateNotes(db: Database, dataset: number): ImportNote[] {
  const { exact, near } = countDuplicates(db, dataset);
  const { pictures: repeated, leaked } = exact;
  const notes: ImportNote[] = [];
  if (repeated > 0) {
    notes.push({
      kind: 'duplicates',
      message: `${repeated} ${repeated === 1 ? 'picture has' : 'pictures have'} the same pixels as another.`,
      count: repeated,
    });
  }
  if (leaked > 0) {
    notes.push({
      kind: 'leak',
      message: `${leaked} test or validation ${leaked === 1 ? 'picture is' : 'pictures are'} also in train: measured accuracy is too high by them.`,
      count: leaked,
    });
  }
  if (near.pictures > 0) {
    const both =
      near.leaked === 0
        ? ''
        : `; ${near.leaked} of validation or test look${near.leaked === 1 ? 's' : ''} like a training picture`;
    notes.push({
      kind: 'near-duplicates',
      message: `${near.pictures} ${near.pictures === 1 ? 'picture looks' : 'pictures look'} nearly the same as another${both}.`,
      count: near.pictures,
    });
  }
  return notes;
}
