import { beginImport } from '#db/datasets/dataset-import.ts';
import { openDatabase } from '#db/open.ts';
import { datasetNamed, recordNumber } from '../records-for-tests.ts';

const started = beginImport(openDatabase(process.argv[2] ?? ''), datasetNamed('endless'));
for (let first = 0; ; first += 500) {
  started.add(Array.from({ length: 500 }, (_, i) => recordNumber(first + i)));
  if (first === 5000) console.log('under way');
}
