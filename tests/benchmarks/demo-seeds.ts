/**
 * Whether the demo holds on seeds that nobody chose: makes the table of docs/demo.md.
 *
 *   npm run bench:demo -- [--workspace FOLDER] [--seeds 111,112,...] [--at-most N]
 *
 * For each seed the poisoned model, CleanCLIP on it and the control, as `ccw demo` makes them. One workspace serves
 * bench:defences and bench:detection too: what it holds is not made again, and `--at-most` ends it after so many new
 * models. The table is written anew each time, from the seeds that are complete.
 */
import { parseArgs } from 'node:util';
import { repairForDemo } from '#main/workbench/demo-repairs.ts';
import { openDemoBench, settlePoisoned } from './demo-bench.ts';
import { formatSeeds, type SeedRow } from './demo-seeds-table.ts';
import { writeSection } from './page-sections.ts';

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: 'dist/bench-demo' },
    seeds: { type: 'string', default: '121,122,123,124,125,126,127,128,129,130' },
    'at-most': { type: 'string', default: '1000' },
  },
});

const bench = await openDemoBench(values.workspace, Number(values['at-most']));
const rows: SeedRow[] = [];
for (const seed of values.seeds.split(',').map(Number)) {
  const variant = await bench.poison(seed, 400);
  const poisoned = await settlePoisoned(bench, variant, seed);
  if (poisoned === null) continue;
  const repair = (method: 'cleanclip' | 'mmcl') =>
    bench.settle(
      `${variant.name}-demo-${method}`,
      variant,
      repairForDemo(method, poisoned.run.name, bench.dataset, seed),
    );
  const cleanclip = await repair('cleanclip');
  const control = await repair('mmcl');
  if (cleanclip !== null && control !== null) rows.push({ seed, poisoned, cleanclip, control });
}
if (rows.length > 0) writeSection('seeds', formatSeeds(rows), 'demo.md');
bench.close();
