import { createHash } from 'node:crypto';
import { findVariant } from '#db/variants/variants.ts';
import { ancestryOf, type Studied } from '../models/studied-models.ts';
import type { Workspace } from '../workspace.ts';

/** Where a run stands among its repetitions. */
export interface SeedPlace {
  /** The same for runs that differ in nothing but seeds: their own, their variant's, those of the runs before them. */
  group: string;
  /** All those seeds: runs of one group and one `seeds` are the same run made twice. */
  seeds: string;
}

/** Settings and lineage of a model without its seeds, and the seeds. */
export function seedPlaceOf(workspace: Workspace, studied: Studied): SeedPlace {
  const settings: unknown[] = [];
  const seeds: number[] = [];
  const { runs, root } = ancestryOf(workspace, studied);
  for (const { config, architecture, variantId, datasetId, environment } of runs) {
    const { start, data, method, settings: own, seed } = config;
    const variant = variantId === null ? null : findVariant(workspace.db, variantId);
    const { seed: variantSeed = null, ...recipe } = variant?.recipe ?? {};
    settings.push({
      start: start.kind,
      architecture,
      selection: data.selection,
      method,
      settings: own,
      recipe,
      dataset: datasetId,
      backend: environment?.backend ?? null,
    });
    seeds.push(seed, ...(variantSeed === null ? [] : [variantSeed]));
  }
  settings.push(root?.weightsSha256 ?? null);
  return { group: shortHash(JSON.stringify(settings)), seeds: seeds.join(' ') };
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
