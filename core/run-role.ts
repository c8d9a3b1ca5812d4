import type { Run, RunKind } from '#contract/run.ts';

/** What a run is in the story. */
export type RunRole = 'clean' | 'poisoned' | 'repaired' | 'control' | 'supervised';

const rolesOfKinds = {
  train: 'clean',
  mmcl: 'control',
  cleanclip: 'repaired',
  supervised: 'supervised',
} as const satisfies Record<RunKind, RunRole>;

/** Whatever trains on a variant is poisoned; otherwise the kind says it. */
export function roleOf({ kind, variantId }: Pick<Run, 'kind' | 'variantId'>): RunRole {
  return variantId !== null ? 'poisoned' : rolesOfKinds[kind];
}
