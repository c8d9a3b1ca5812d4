import type { Database } from './statements.ts';

/** Pages: 64 MiB. */
const rarePages = 16_000;

/** Enough that the indexes of a large dataset are not read again and again. */
const cacheKiB = 65_536;

/**
 * Prepares for many large transactions. What is written is copied into the database file after 64 MiB of it in place of 4:
 * pages that each transaction changes are then copied, and waited for, a sixteenth as often, which is a fifth of the time
 * of a long import. More pages are kept in memory meanwhile.
 * @returns ends it: the next transaction copies what is left
 */
export function beginLongWrites(db: Database): () => void {
  const rare = { wal_autocheckpoint: rarePages, cache_size: -cacheKiB };
  const usual = Object.keys(rare).map((name) => `${name} = ${db.pragma(name, { simple: true })}`);
  for (const [name, value] of Object.entries(rare)) db.pragma(`${name} = ${value}`);
  return () => {
    for (const setting of usual) db.pragma(setting);
  };
}
