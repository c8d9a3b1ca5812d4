import type { VariantView } from '#contract/api/variants.ts';
import type { Trigger, TriggerKind } from '#contract/trigger.ts';
import { formatCount, formatPercent } from '../../format/numbers.ts';

const kindWords: Record<TriggerKind, string> = {
  patch: 'patch',
  blended: 'blended picture',
  sinusoid: 'sinusoid',
  warp: 'warp',
  stripes: 'stripes',
  triangles: 'triangles',
  text: 'text',
  frequency: 'frequencies',
  colour: 'colour',
  composition: 'composition',
};

/** A trigger in a few words: `patch, 6 px`. */
export function triggerWords(trigger: Trigger): string {
  const word = kindWords[trigger.kind];
  return trigger.kind === 'patch' ? `${word}, ${trigger.size} px` : word;
}

/** How much a recipe poisons: `300 pairs` or `0.3 % of the training pairs`. */
export function amountWords({ amount }: VariantView['recipe']): string {
  return amount.kind === 'count'
    ? `${formatCount(amount.count)} ${amount.count === 1 ? 'pair' : 'pairs'}`
    : `${Number(formatPercent(amount.rate, 4))} % of the training pairs`;
}
