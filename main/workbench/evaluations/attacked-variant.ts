import type { Run } from '#contract/run.ts';
import { ancestryOfModel, ancestryOfRun } from '../models/ancestry.ts';
import type { Workspace } from '../workspace.ts';

/** The variant that a run, or the nearest of the runs before it, was trained on; null where none is known. */
export function attackedVariantOf(workspace: Workspace, run: Run): string | null {
  return nearestVariant(ancestryOfRun(workspace, run).runs);
}

/** The variant that a model, or the nearest of those before it, was trained on; null where none is known. */
export function attackedVariantOfModel(workspace: Workspace, modelId: string): string | null {
  return nearestVariant(ancestryOfModel(workspace, modelId).runs);
}

function nearestVariant(runs: readonly Run[]): string | null {
  return runs.find(({ variantId }) => variantId !== null)?.variantId ?? null;
}
