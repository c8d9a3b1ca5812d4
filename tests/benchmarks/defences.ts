/**
 * What each method leaves of the demo's backdoor: makes the table of docs/defences.md.
 *
 *   npm run bench:defences -- [--workspace FOLDER] [--seeds 0,1,2] [--methods NAME,...] [--at-most N]
 *
 * Each method runs by its demo preset, on the demo's poisoned model of the seed, or from scratch on the poisoned pairs
 * where its preset begins there. A workspace may serve several calls, and bench:detection too: what it holds is not made
 * again, and `--at-most` ends it after so many new ones. The table is written anew each time, from what is there.
 */
import { parseArgs } from 'node:util';
import { type MethodName, methodNames, methodOf, presetFor } from '#contract/methods/method-registry.ts';
import type { PartialConfig } from '#main/workbench/runs/complete-config.ts';
import { type DefenceRow, formatDefences } from './defence-table.ts';
import { fromScratch, openDemoBench, settlePoisoned } from './demo-bench.ts';
import { writeSection } from './page-sections.ts';

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: 'dist/bench-demo' },
    seeds: { type: 'string', default: '0,1,2' },
    methods: { type: 'string', default: '' },
    'at-most': { type: 'string', default: '1000' },
  },
});
const seeds = values.seeds.split(',').map(Number);
const chosen = values.methods === '' ? null : values.methods.split(',');
/** The demo's image tower. */
const tower = 'modified-resnet';

const bench = await openDemoBench(values.workspace, Number(values['at-most']));
const rows: DefenceRow[] = [];
for (const seed of seeds) {
  const variant = await bench.poison(seed, 400);
  const poisoned = await settlePoisoned(bench, variant, seed);
  if (poisoned === null) continue;
  rows.push({ method: null, seed, start: 'scratch', ...poisoned });
  for (const method of methodNames.filter(fits)) {
    const config = configOf(method, seed, variant.id, poisoned.run.name);
    const settled = await bench.settle(`${variant.name}-${method}`, variant, config);
    if (settled !== null) rows.push({ method, seed, start: presetOf(method).start, ...settled });
  }
}
writeSection('defences', formatDefences(rows), 'defences.md');
bench.close();

function fits(method: MethodName): boolean {
  if (chosen !== null && !chosen.includes(method)) return false;
  const { imageTowers } = methodOf(method).needs;
  return imageTowers === null || imageTowers.includes(tower);
}

/** Plain training stands here as the control: finetuning on the same clean pairs. */
function presetOf(method: MethodName) {
  return methodOf(method).role === 'training' ? presetFor(method, 'model') : methodOf(method).presets[0];
}

function configOf(method: MethodName, seed: number, variant: string, poisoned: string): PartialConfig {
  if (presetOf(method).start === 'scratch') return fromScratch('variant', variant, method, seed);
  const data = methodOf(method).needs.knownPoison
    ? { kind: 'variant' as const, id: variant }
    : { kind: 'dataset' as const, id: bench.dataset.id };
  return { start: { kind: 'model', model: poisoned }, data, method, seed, repairs: true };
}
