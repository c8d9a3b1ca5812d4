import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import type { Variant } from '#contract/variant.ts';

/**
 * The class that a changed record is passed off as: the one that its new caption names. Methods that learn from labels
 * see the same poison as those that learn from captions.
 */
export function labelByCaption(
  { classes }: Pick<Dataset, 'classes'>,
  { recipe }: Pick<Variant, 'recipe'>,
  place: number,
  { label }: Pick<DatasetRecord, 'label'>,
): string | null {
  const part = recipe.parts[place];
  if (part === undefined || part.strategy === 'label-consistent') return label;
  if (part.strategy !== 'all-to-all') return part.target;
  if (label === null) return null;
  return classes[(classes.indexOf(label) + 1) % classes.length] ?? label;
}
