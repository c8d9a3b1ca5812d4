/**
 * Imports against a Pillow loop, and of a long table: `npm run bench:import -- PYTHON [REPETITIONS] [ROWS]`, with Pillow and
 * numpy in that Python. Writes its table into docs/performance.md. ROWS of a table take 250 bytes each on the disk.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchArchive } from './import/archive.ts';
import { benchManyPictures, benchPictures } from './import/pictures.ts';
import { benchTable } from './import/table.ts';
import { writeSection } from './page-sections.ts';

const [python, repetitions = '5', rows = '3000000'] = process.argv.slice(2);
if (python === undefined)
  throw new Error('Name a Python with Pillow and numpy: npm run bench:import -- PYTHON');
const load = (loadavg()[0] ?? 0).toFixed(1);
const folder = mkdtempSync(join(tmpdir(), 'ccw-bench-import-'));
try {
  const text = [
    `${cpus()[0]?.model ?? 'unknown processor'} (${availableParallelism()} cores, load average at the start ${load}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; medians of ${repetitions} turns, in seconds from the start of the program to its end, and a second.`,
    '',
    '| work | wall s | processor s | pictures or rows a second |',
    '|---|---:|---:|---:|',
    ...benchPictures(python, folder, 'jpg', 3000, Number(repetitions)),
    ...benchManyPictures(python, folder, 3000, 7, Math.min(3, Number(repetitions))),
    ...benchPictures(python, folder, 'png', 300, Number(repetitions)),
    ...(await benchArchive(folder)),
    ...(await benchTable(folder, Number(rows))),
  ].join('\n');
  console.log(text);
  writeSection('import', text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
