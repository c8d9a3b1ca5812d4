import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { Database } from '../statements.ts';

/**
 * The folder of a dataset's pictures as it is stored: relative to the database's folder, with `/`, where it lies in
 * there, so that a workspace can be moved with the pictures that it made; else absolute.
 */
export function toStoredRoot(db: Database, root: string): string {
  const inside = relative(dirname(db.name), root);
  const [first] = inside.split(sep);
  return inside === '' || first === '..' || isAbsolute(inside) ? root : inside.split(sep).join('/');
}

/** The absolute folder of what {@link toStoredRoot} gave. */
export function fromStoredRoot(db: Database, stored: string): string {
  return isAbsolute(stored) ? stored : join(dirname(db.name), ...stored.split('/'));
}
