import { createHash } from 'node:crypto';
import type { Run } from '#contract/run.ts';
import { findModel } from '#db/models/models.ts';
import { findRun } from '#db/runs/runs.ts';
import { findVariant } from '#db/variants/variants.ts';
import type { Workspace } from '../workspace.ts';

/** Where a run stands among its repetitions. */
export interface SeedPlace {
  /** The same for runs that differ in nothing but seeds: their own, their variant's, those of the runs before them. */
  group: string;
  /** All those seeds: runs of one group and one `seeds` are the same run made twice. */
  seeds: string;
}

/** Settings and lineage of a run without its seeds, and the seeds. */
export function seedPlaceOf({ db }: Workspace, run: Run): SeedPlace {
  const settings: unknown[] = [];
  const seeds: number[] = [];
  for (let current: Run | null = run; current !== null; ) {
    const { seed, ...config } = current.config;
    const variant = current.variantId === null ? null : findVariant(db, current.variantId);
    const { seed: variantSeed = null, ...recipe } = variant?.recipe ?? {};
    settings.push({
      config,
      recipe,
      dataset: current.datasetId,
      backend: current.environment?.backend ?? null,
    });
    seeds.push(seed, ...(variantSeed === null ? [] : [variantSeed]));
    current = current.parentModelId === null ? null : findRun(db, findModel(db, current.parentModelId).runId);
  }
  return { group: shortHash(JSON.stringify(settings)), seeds: seeds.join(' ') };
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
