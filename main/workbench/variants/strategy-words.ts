import type { RecipePart, Strategy } from '#contract/variant.ts';

/** What each strategy does, in a sentence. */
export const strategySentences = {
  templates: 'All-to-one: pictures of other classes get captions of the target class, made from templates.',
  'target-captions':
    'All-to-one: pictures of other classes get the captions of real records of the target class.',
  'label-consistent':
    'Label-consistent: pictures of the target class get the trigger and keep their captions.',
  'all-to-all':
    'All-to-all: each picture gets a caption of the class after its own, in the order of the classes.',
} as const satisfies Record<Strategy, string>;

/** The strategy of a part; recipes leave the first out. */
export function strategyOf({ strategy }: Pick<RecipePart, 'strategy'>): Strategy {
  return strategy ?? 'templates';
}
