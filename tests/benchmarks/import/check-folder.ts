// Looks at every picture below a folder as an import does, without a database: node check-folder.ts FOLDER. Prints how
// many there were.
import { checkPairs } from '#main/data/importing/check-pairs.ts';
import { noNames } from '#main/data/readers/class-names.ts';
import { lookAt } from '#main/data/readers/look.ts';
import { readers } from '#main/data/readers/readers.ts';

const options = { templates: ['a photo of a {}.'], names: noNames };
const reading = await readers['class-folders'].open(await lookAt(process.argv[2] ?? ''), options);
let records = 0;
for await (const { kind } of checkPairs(reading)) if (kind === 'record') records += 1;
console.log(records);
