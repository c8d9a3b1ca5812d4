/**
 * The run table and a comparison on a workspace of 10,000 runs, which it makes: milliseconds of processor and clock of
 * one answer of the API. The goal: filter and group in under 200 ms. Writes docs/performance.md.
 *
 *   npm run bench:study -- [--seeds 313] [--keep FOLDER]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRouterClient } from '@orpc/server';
import { createApp } from '#main/api/app.ts';
import { createRouter } from '#main/api/router.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { makeStudy } from '../workbench/runs/table/study-workspace.ts';
import { writeSection } from './page-sections.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '313' }, keep: { type: 'string' } },
});
const turns = 7;
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'ccw-bench-study-'));

const workspace = openWorkspace(folder);
await makeStudy(workspace, Number(values.seeds));
workspace.close();
const app = createApp({ folder, host: 'browser', device: null });
const client = createRouterClient(createRouter(app));
const columns = ['name', 'state', 'method', 'lambda', 'poisons', 'seed', 'ca', 'asr', 'poisonedAccuracy'];
const forty = (await client.runs.table({ filter: 'poisons:50 method:cleanclip', limit: 40 })).rows.map(
  ({ id }) => String(id),
);
const calls: Record<string, () => Promise<unknown>> = {
  'first page of 100': () => client.runs.table({ columns }),
  'all rows, 9 columns': () => client.runs.table({ columns, limit: 10_000 }),
  'filter `lambda >= 2 asr < 10 method:cleanclip`': () =>
    client.runs.table({ columns, filter: 'lambda >= 2 asr < 10 method:cleanclip' }),
  'words `poisoned-400`': () => client.runs.table({ columns, filter: 'poisoned-400' }),
  'sort by ASR': () => client.runs.table({ columns, sort: { column: 'asr', descending: true } }),
  'group by method, lambda and poisons': () =>
    client.runs.table({ columns, group: ['method', 'lambda', 'poisons'] }),
  'filter and group by poisons': () =>
    client.runs.table({ columns, filter: 'method:cleanclip', group: ['poisons'] }),
  'compare 40 runs': () => client.comparison.get({ runs: forty }),
};
const lines = ['| call | first | median | most |', '|---|---:|---:|---:|'];
const { total } = await client.runs.table({ limit: 1 });
for (const [name, call] of Object.entries(calls)) {
  const times: { clock: number; processor: number }[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const begun = performance.now();
    const before = process.cpuUsage();
    await call();
    const { user, system } = process.cpuUsage(before);
    times.push({ clock: performance.now() - begun, processor: (user + system) / 1000 });
  }
  const processor = times.map((time) => time.processor);
  const sorted = [...processor].sort((a, b) => a - b);
  const cells = [processor[0], sorted[Math.floor(turns / 2)], sorted.at(-1)];
  lines.push(`| ${name} | ${cells.map((value) => (value ?? 0).toFixed(0)).join(' | ')} |`);
  process.stderr.write(`${name}: ${times.map(({ clock }) => clock.toFixed(0)).join(' ')} ms by the clock\n`);
}
await app.close();
if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
const machine = `${cpus()[0]?.model ?? 'unknown'} (${cpus().length} cores, load average ${(loadavg()[0] ?? 0).toFixed(1)}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
const text = `${total.toLocaleString('en')} runs, ${machine}; milliseconds of processor time of one answer of the API, ${turns} times each.\n\n${lines.join('\n')}`;
process.stdout.write(`${text}\n`);
if (total >= 10_000) writeSection('study', text);
