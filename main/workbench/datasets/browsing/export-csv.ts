import type { Dataset } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { fileOf } from '#contract/picture-source.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import type { Database } from '#db/open.ts';
import { formatCsvRow } from '#main/data/tables/csv-text.ts';
import { guardCell, guardedColumn } from '#main/data/tables/spreadsheet-safe.ts';
import { pictureSource } from '../../engine/engine-records.ts';

/** Records that fit a file that a window can be handed at once. */
const mostRecords = 300_000;
const readAtOnce = 5_000;

/**
 * Records of a dataset as a CSV file that can be imported again from anywhere: absolute paths of pictures, and
 * captions as they were imported. Ids that are not the dataset's are passed over. Texts that a spreadsheet would run are
 * guarded; a further column then says so, and an import takes the guards off.
 * @throws WorkbenchError `bad-input` where there are too many
 */
export function writeRecordsCsv(db: Database, dataset: Dataset, ids: ArrayLike<number>): string {
  if (ids.length > mostRecords) {
    throw new WorkbenchError(
      'bad-input',
      `${ids.length} records are too many for one file: narrow the query to ${mostRecords} at most.`,
      { records: ids.length, most: mostRecords },
    );
  }
  const lines: string[][] = [];
  let guarded = false;
  for (let from = 0; from < ids.length; from += readAtOnce) {
    for (const record of readRecords(db, Array.prototype.slice.call(ids, from, from + readAtOnce))) {
      if (record.datasetId !== dataset.id) continue;
      const { caption, label, split } = record;
      const texts = [fileOf(pictureSource(dataset, record)), caption, label ?? ''];
      const cells = texts.map(guardCell);
      guarded ||= cells.some((cell, place) => cell !== texts[place]);
      lines.push([...cells, split]);
    }
  }
  const more = (text: string) => (guarded ? [text] : []);
  return [
    formatCsvRow(['image', 'caption', 'label', 'split', ...more(guardedColumn)], ','),
    ...lines.map((cells) => formatCsvRow([...cells, ...more('yes')], ',')),
  ].join('');
}
