import { recipeSchema } from '#contract/variant.ts';
import type { CellValue, TableRow } from '#core/run-table/filter.ts';
import type { StoredVariant } from '#db/runs/table-rows.ts';

/** Longer words are pictures or polygons, which nobody sorts by. */
const longestWord = 60;

/**
 * What the run table says of a variant's attack, the first where it has several: poisons and rate count all of them.
 * Each parameter of the trigger is a column of its own, `trigger.size`.
 */
export function attackCells({
  name,
  recipe,
  changed,
  manifestSha256,
  trainingPairs,
}: StoredVariant): TableRow {
  const [{ trigger, target, strategy = 'templates' }] = recipeSchema.parse(JSON.parse(recipe)).parts;
  const { kind, ...parameters } = trigger;
  return {
    attackedBy: name,
    trigger: kind,
    target,
    strategy,
    poisons: changed,
    poisonRate: trainingPairs === 0 ? null : (100 * changed) / trainingPairs,
    manifest: manifestSha256,
    ...Object.fromEntries(
      Object.entries(parameters).flatMap(([parameter, value]) => {
        const cell = plainCell(value);
        return cell === null ? [] : [[`trigger.${parameter}`, cell]];
      }),
    ),
  };
}

function plainCell(value: unknown): CellValue {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' && value.length <= longestWord ? value : null;
}
