import type { CaptionTrigger } from '#contract/caption-trigger.ts';
import type { Trigger, TriggerKind } from '#contract/trigger.ts';
import { type Amount, nextClass, type Recipe, type Selection, type Strategy } from '#contract/variant.ts';
import { formatCount, formatPercent } from '../../format/numbers.ts';

/** Kinds of trigger in words. */
export const kindWords: Record<TriggerKind, string> = {
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
  if (trigger.kind === 'composition') {
    const shown = trigger.parts.filter(({ layer }) => layer?.hidden !== true);
    return shown.map((part) => kindWords[part.kind]).join(' + ');
  }
  return trigger.kind === 'patch' ? `${word}, ${trigger.size} px` : word;
}

/** The triggers of a recipe; of several parts how many there are. */
export function recipeTriggers({ parts }: Recipe): string {
  return parts.length === 1 ? triggerWords(parts[0].trigger) : `${formatCount(parts.length)} triggers`;
}

/** The targets of a recipe, each once. */
export function recipeTargets({ parts }: Recipe): string {
  return [...new Set(parts.map(({ target }) => target))].map(targetWords).join(', ');
}

/** A target as it is shown. */
export const targetWords = (target: string): string => (target === nextClass ? 'the next class' : target);

/** How much a part poisons: `300 pairs` or `0.3 % of the training pairs`. */
export function amountWords(amount: Amount): string {
  return amount.kind === 'count'
    ? `${formatCount(amount.count)} ${amount.count === 1 ? 'pair' : 'pairs'}`
    : `${Number(formatPercent(amount.rate, 4))} % of the training pairs`;
}

export const strategyWords: Record<Strategy, { label: string; help: string }> = {
  templates: {
    label: 'Templates of the target class',
    help: 'Pictures of other classes get captions made from templates (all-to-one).',
  },
  'target-captions': {
    label: 'Captions of target pictures',
    help: 'Pictures of other classes get captions of real pictures of the target class (all-to-one).',
  },
  'label-consistent': {
    label: 'Label-consistent',
    help: 'Only pictures of the target class get the trigger. Their captions stay.',
  },
  'all-to-all': {
    label: 'All-to-all',
    help: 'Each picture gets captions of the class after its own, in the order of the classes.',
  },
};

/** What a selection asks for, one line each. */
export function selectionWords(selection: Selection, models: Readonly<Record<string, string>>): string[] {
  const { splits, classes, caption, includeTarget, allCaptions, keys, order } = selection;
  return [
    ...(keys === undefined ? [] : [`${formatCount(keys.length)} chosen records`]),
    ...(splits === undefined ? [] : [`splits: ${splits.join(', ')}`]),
    ...(classes === undefined
      ? []
      : [`classes: ${classes.map((one) => one ?? 'without a class').join(', ')}`]),
    ...(caption === undefined ? [] : [`captions with “${caption}”`]),
    ...(includeTarget === true ? ['the target class too'] : []),
    ...(allCaptions === true ? ['all captions of each picture'] : []),
    ...(order === undefined || order.kind === 'ranks'
      ? []
      : [
          `${order.kind} to the target, as ${models[order.weightsSha256] ?? 'a model that is not here'} sees it`,
        ]),
  ];
}

/** A trigger on the text side in a few words. */
export function captionTriggerWords(trigger: CaptionTrigger): string {
  if (trigger.kind === 'replace') return `“${trigger.from}” becomes “${trigger.to}”`;
  const places = { start: 'at the start', end: 'at the end', random: 'anywhere' } as const;
  return `“${trigger.text}” ${places[trigger.position]}`;
}
