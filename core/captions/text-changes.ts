import type { Random } from '../random/random.ts';
import { augmentText } from './augment-text.ts';

/** Every way in which a method may change a caption, by name. */
export const textChanges = {
  none: (text) => text,
  reword: augmentText,
} satisfies Record<string, (text: string, random: Random) => string>;

export type TextChange = keyof typeof textChanges;
