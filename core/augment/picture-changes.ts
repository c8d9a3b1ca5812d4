import { augmentSmall, shiftRandomly } from '../pixels/augment-small.ts';
import type { Picture } from '../pixels/picture.ts';
import type { Random } from '../random/random.ts';
import { eraseRandomly } from './erase-randomly.ts';
import { brightenAndErase } from './noise-and-hole.ts';
import { augmentByPolicy } from './policy.ts';

/** Every way in which a method may change a picture, by name. None changes its size. */
export const pictureChanges = {
  none: (picture) => picture,
  shift: shiftRandomly,
  small: augmentSmall,
  'small-erased': (picture, random) => eraseRandomly(augmentSmall(picture, random), random),
  autoaugment: augmentByPolicy,
  'noise-and-hole': brightenAndErase,
} satisfies Record<string, (picture: Picture, random: Random) => Picture>;

export type PictureChange = keyof typeof pictureChanges;
