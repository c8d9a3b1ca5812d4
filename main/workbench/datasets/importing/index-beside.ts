import { whenWritable } from '#db/busy.ts';
import { keepPart, partRecords } from '#db/captions/build-part.ts';
import { indexedFrom } from '#db/captions/caption-parts.ts';
import type { Database } from '#db/open.ts';
import { openCaptionThread } from '../captions/caption-thread.ts';

/** Indexes the captions of a dataset in a thread of its own, while rows are added. What it cannot do is left to the import. */
export interface Indexer {
  /** To be called when so many records more are there. */
  added(records: number): void;
  /** Indexes what is left. */
  finish(): Promise<void>;
  /** Ends the thread. */
  close(): Promise<void>;
}

/** @param dataset its number */
export function indexBeside(db: Database, dataset: number): Indexer {
  const thread = openCaptionThread(db.name);
  let waiting = 0;
  let isAtWork = false;
  let failed = false;

  /** @returns whether there was any */
  const indexSome = async (): Promise<boolean> => {
    const gap = failed ? null : indexedFrom(db, dataset, 0).gap;
    if (gap === null) return false;
    try {
      const part = await thread.build(dataset, gap);
      await whenWritable(db, () => keepPart(db, dataset, part));
    } catch {
      // The import does it then, and meets the error.
      failed = true;
    }
    return !failed;
  };
  let work = Promise.resolve();
  const begin = () => {
    isAtWork = true;
    waiting -= partRecords;
    work = indexSome().then(() => {
      isAtWork = false;
      if (waiting >= partRecords) begin();
    });
  };
  return {
    added(records) {
      waiting += records;
      if (!isAtWork && waiting >= partRecords) begin();
    },
    async finish() {
      waiting = 0;
      await work;
      while (await indexSome());
    },
    close: () => thread.close(),
  };
}
