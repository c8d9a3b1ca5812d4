import type { Trigger } from '#contract/trigger.ts';
import type { Picture } from '../pixels/picture.ts';
import type { Random } from '../random/random.ts';

/** What a kind of trigger does to a picture. */
export interface TriggerDefinition<T extends Trigger> {
  /**
   * @param picture at the recipe's resolution; never changed itself
   * @param random the picture's own stream, for kinds that differ from picture to picture
   * @throws WorkbenchError `bad-input` where the trigger does not fit the picture, naming sizes
   */
  apply(picture: Picture, trigger: T, random: Random): Picture;
}
