import type { MethodName } from '#contract/methods/method-registry.ts';
import type { RunShape } from '#contract/run.ts';

/** Columns of runs as `r` that {@link splitShape} reads. */
export const shapeColumns =
  'r.method, r.parent_model IS NOT NULL AS hasStartModel, r.variant IS NOT NULL AS hasVariant';

export interface ShapeRow {
  method: MethodName;
  hasStartModel: number;
  hasVariant: number;
}

/** A row with its shape in place of the columns. */
export function splitShape<Row extends ShapeRow>({
  method,
  hasStartModel,
  hasVariant,
  ...rest
}: Row): Omit<Row, keyof ShapeRow> & { shape: RunShape } {
  const shape: RunShape = {
    start: { kind: hasStartModel === 1 ? 'model' : 'scratch' },
    data: { kind: hasVariant === 1 ? 'variant' : 'dataset' },
    method,
  };
  return { ...rest, shape };
}
