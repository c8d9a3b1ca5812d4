import type { Random } from '../random/random.ts';
import { augmentText } from './augment-text.ts';
import { augmentByEda, type SynonymsOf } from './eda.ts';

/** A way to change a caption. */
export interface TextChangeDefinition {
  /** Whether a caption is changed in one way for the whole run, or anew each time. */
  drawn: 'once' | 'anew';
  change(text: string, random: Random, synonymsOf: SynonymsOf): string;
}

/** Every way in which a method may change a caption, by name. */
export const textChanges = {
  none: { drawn: 'anew', change: (text) => text },
  reword: { drawn: 'anew', change: augmentText },
  eda: { drawn: 'once', change: augmentByEda },
} satisfies Record<string, TextChangeDefinition>;

export type TextChange = keyof typeof textChanges;
