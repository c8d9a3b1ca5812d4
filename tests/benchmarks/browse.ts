/**
 * Browsing a dataset of three million records, through the API and in the window: `npm run bench:browse [RECORDS]`. Prints
 * the tables and, for three million, writes them into docs/performance.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWorkspace } from '#main/workbench/workspace.ts';
import type { ApiMeasures } from './browse-api.ts';
import { atShare, fillDataset, datasetName as name } from './browse-data.ts';
import { type Memory, measureWindow } from './browse-window.ts';
import { writeSection } from './page-sections.ts';

const records = Number(process.argv[2] ?? 3_000_000);
const repeats = 40;
const loadAtStart = (loadavg()[0] ?? 0).toFixed(1);

const folder = mkdtempSync(join(tmpdir(), 'ccw-browse-'));
const workspace = openWorkspace(join(folder, 'workspace'));
try {
  console.error(`Load average at the start: ${loadAtStart}. Filling ${records} records...`);
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  const fill = await fillDataset(workspace.db, pictures, name, records);
  const fileBytes = statSync(workspace.db.name).size;
  workspace.close();
  const program = fileURLToPath(new URL('browse-api.ts', import.meta.url));
  const said = execFileSync(process.execPath, [program, join(folder, 'workspace'), `${records}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { rows, hostMiB }: ApiMeasures = JSON.parse(said);
  const seen = await measureWindow(join(folder, 'workspace'), name);
  const rate = (seconds: number) => `${Math.round(records / seconds / 1000)} 000`;
  const ratio = (fill.rowsSeconds + fill.indexSeconds) / fill.rowsSeconds;
  const text = [
    `${records.toLocaleString('en')} records, ${cpus()[0]?.model ?? 'unknown processor'} (${availableParallelism()} cores, load average at the start ${loadAtStart}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; milliseconds at the API (request in, response out, validated), ${repeats} times each, every search new to the program.`,
    '',
    ...apiTable(rows),
    '',
    `Writing the records took ${fill.rowsSeconds.toFixed(1)} s (${rate(fill.rowsSeconds)} a second), indexing and counting them ${fill.indexSeconds.toFixed(1)} s more: ${ratio.toFixed(2)} times as long as without search (decoding the pictures, which takes far longer, left out). The database is ${Math.round(fileBytes / 2 ** 20)} MiB, the memory of a host that was started on it ${hostMiB} MiB after all this.`,
    '',
    'In Chromium, 1280 x 800 pixels, 30 times each: milliseconds from the click, the key or the move of the scroll bar to the first painted frame in which every cell in view shows its record, and to the frame in which all their pictures are there too. Before the click on a dataset the pointer stands on its link for 150 ms, where the table does not say otherwise.',
    '',
    '| what | grid, median | grid, p95 | with pictures, median | with pictures, p95 |',
    '|---|---:|---:|---:|---:|',
    ...seen.times.map(
      ({ what, gridMs, picturesMs }) =>
        `| ${what} | ${[gridMs, picturesMs].flatMap((ms) => [atShare(ms, 0.5).toFixed(0), atShare(ms, 0.95).toFixed(0)]).join(' | ')} |`,
    ),
    '',
    `After scrolling from the first record to the last, a window's JavaScript heap is ${tellMemory(seen.memory.atTheEnd)}; ${tellMemory(seen.memory.rested)} after a rest of 20 seconds. Private memory is what Chromium's own task manager counts: without the files of the program and its libraries, which all of its processes share.`,
  ].join('\n');
  console.log(text);
  if (records === 3_000_000) writeSection('browse', text);
} finally {
  if (workspace.db.open) workspace.close();
  rmSync(folder, { recursive: true, force: true });
}

function tellMemory({ heapMiB, privateMiB, residentMiB }: Memory): string {
  const whole =
    privateMiB === null || residentMiB === null
      ? ''
      : ` and the private memory of its process ${Math.round(privateMiB)} MiB (${Math.round(residentMiB)} MiB with shared files)`;
  return `${Math.round(heapMiB)} MiB${whole}`;
}

/** Rows of a Markdown table. */
function apiTable(rows: ApiMeasures['rows']): string[] {
  return [
    '| what | median | p95 | processor, median | processor, p95 |',
    '|---|---:|---:|---:|---:|',
    ...rows.map(({ what, ms, processorMs }) => {
      const cells = [ms, processorMs].flatMap((one) => [atShare(one, 0.5), atShare(one, 0.95)]);
      return `| ${what} | ${cells.map((cell) => cell.toFixed(1)).join(' | ')} |`;
    }),
  ];
}
