import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toWireError } from '#contract/errors.ts';
import { checkPairs } from '#main/data/importing/check-pairs.ts';
import { createTally } from '#main/data/importing/skipped-tally.ts';
import { noNames } from '#main/data/readers/class-names.ts';
import { lookAt } from '#main/data/readers/look.ts';
import { readers } from '#main/data/readers/readers.ts';
import { hostileTables } from '../hostile-tables.ts';

/**
 * `read-hostile.ts FOLDER [TABLE]`: reads a folder of pictures, or writes a table into it and reads that. Prints what
 * came of it, the seconds of a processor, and the most memory that this process ever had, in MB.
 */
const [folder = '', name] = process.argv.slice(2);
const path = join(folder, `${name}.csv`);
if (name !== undefined) writeFileSync(path, hostileTables[name]?.()[0] ?? '');
globalThis.gc?.();
const before = process.resourceUsage().maxRSS;
const begun = process.cpuUsage();
const left = createTally();
const kept: string[] = [];
let error: string | null = null;
try {
  const reader = readers[name === undefined ? 'class-folders' : 'csv'];
  const looked = await lookAt(name === undefined ? folder : path);
  const reading = await reader.open(looked, { templates: ['a {}'], names: noNames });
  for await (const item of checkPairs(reading)) {
    if (item.kind === 'skipped') left.add(item.skipped);
    else if (item.kind === 'record') kept.push(item.record.key);
  }
} catch (thrown) {
  error = toWireError(thrown).kind;
}
const used = process.cpuUsage(begun);
process.stdout.write(
  `${JSON.stringify({
    kept,
    left: left.total,
    rows: left.rows.map(({ row }) => row),
    error,
    seconds: (used.user + used.system) / 1e6,
    // The table's own text, which this program made, is not the reader's.
    megabytes: (process.resourceUsage().maxRSS - (name === undefined ? 0 : before)) / 1024,
  })}\n`,
);
