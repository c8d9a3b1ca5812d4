import { WorkbenchError } from '#contract/errors.ts';
import type { Recipe } from '#contract/variant.ts';
import { findModelByWeights } from '#db/models/models.ts';
import type { Workspace } from '../workspace.ts';

/** Names of the models that a recipe's orders name, by the hash of their weights; those that are not here are left out. */
export function nameOrderModels({ db }: Workspace, recipe: Recipe): Record<string, string> {
  const names: Record<string, string> = {};
  for (const { selection } of recipe.parts) {
    const order = selection?.order;
    if (order === undefined || order.kind === 'ranks') continue;
    try {
      names[order.weightsSha256] = findModelByWeights(db, order.weightsSha256).name;
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
    }
  }
  return names;
}
