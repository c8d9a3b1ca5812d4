import type { Migration } from './migration.ts';

/** No question is answered by the index of hashes, and keeping it took a tenth of adding a record. */
export const fewerIndexes: Migration = {
  version: 28,
  sql: 'DROP INDEX records_by_hash;',
};
