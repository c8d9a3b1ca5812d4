import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { type Database, prepare } from '../statements.ts';
import { fromStoredRoot } from './dataset-roots.ts';
import { locateDataset } from './datasets.ts';

/**
 * Keys of the pictures that the program wrote for this dataset, below its root; none where it was imported, or where
 * another dataset refers to the folder. Throws `not-found`.
 */
export function listMadeKeys(db: Database, nameOrId: string): string[] {
  const { number, root } = locateDataset(db, nameOrId);
  const made = prepare<{ made: number }>(
    db,
    'SELECT pictures_made AS made FROM datasets WHERE number = ?',
  ).get(number);
  if (made?.made !== 1 || isReferredTo(db, number, root)) return [];
  return prepare<{ key: string }>(db, 'SELECT key FROM records WHERE dataset = ?')
    .all(number)
    .map(({ key }) => key);
}

/** Whether a dataset other than `number`, hidden ones too, has its root or a picture in `folder`. */
function isReferredTo(db: Database, number: number, folder: string): boolean {
  const others = prepare<{ number: number; root: string }>(
    db,
    'SELECT number, root FROM datasets WHERE number <> ?',
  ).all(number);
  return others.some((other) => {
    const root = fromStoredRoot(db, other.root);
    if (liesIn(root, folder)) return true;
    const keys = prepare<{ key: string }>(
      db,
      'SELECT key FROM records WHERE dataset = ? AND instr(key, ?) > 0',
    ).iterate(other.number, basename(folder));
    for (const { key } of keys) if (liesIn(resolve(root, key), folder)) return true;
    return false;
  });
}

function liesIn(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return !isAbsolute(inside) && inside.split(sep)[0] !== '..';
}
