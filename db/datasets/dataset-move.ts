import type { Dataset, DatasetSource } from '#contract/dataset.ts';
import type { RecordSource } from '#contract/picture-source.ts';
import { numberOf } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';
import { toStoredRoot } from './dataset-roots.ts';
import { findDataset } from './datasets.ts';
import { type FoundState, storeStates } from './record-states.ts';

/** A picture (its key) that is not where its key says. */
export interface MovedPicture {
  picture: string;
  source: RecordSource;
}

/** Changes where a dataset's pictures are, all or nothing. */
export function moveDataset(
  db: Database,
  datasetId: string,
  to: {
    root: string;
    source: DatasetSource;
    pictures: readonly MovedPicture[];
    states: readonly { recordId: number; state: FoundState }[];
  },
): Dataset {
  return inTransaction(db, () => {
    const number = numberOf(db, 'datasets', datasetId);
    prepare(db, 'UPDATE datasets SET root = ?, source = ? WHERE number = ?').run(
      toStoredRoot(db, to.root),
      JSON.stringify(to.source),
      number,
    );
    // Keys of further captions begin with the picture's.
    const move = prepare(
      db,
      `UPDATE records SET source = ? WHERE dataset = ? AND (key = ? OR (key > ? || '#' AND key < ? || '$' AND picture = ?))`,
    );
    for (const { picture, source } of to.pictures)
      move.run(JSON.stringify(source), number, picture, picture, picture, picture);
    storeStates(db, datasetId, to.states);
    return findDataset(db, datasetId);
  });
}
