import type { Run } from '#contract/run.ts';
import { findModel } from '#db/models/models.ts';
import { findRun } from '#db/runs/runs.ts';
import type { Workspace } from '../workspace.ts';

/** Whether a run, or any of the runs before it, was trained on a variant. */
export function wasTrainedOn({ db }: Workspace, run: Run, variantId: string): boolean {
  let current: Run | null = run;
  while (current !== null && current.variantId !== variantId) {
    current = current.parentModelId === null ? null : findRun(db, findModel(db, current.parentModelId).runId);
  }
  return current !== null;
}

/** The variant that a run, or the nearest of the runs before it, was trained on; null where all data were clean. */
export function attackedVariantOf({ db }: Workspace, run: Run): string | null {
  let current = run;
  while (current.variantId === null && current.parentModelId !== null) {
    current = findRun(db, findModel(db, current.parentModelId).runId);
  }
  return current.variantId;
}
