import { nextClass } from '#contract/variant.ts';

/** What of an evaluation says whom the attack wants. */
export interface Attacked {
  classes: readonly string[];
  /** A class, or {@link nextClass} where each class has its own (all-to-all); null where nothing was attacked. */
  target: string | null;
}

/** Whether each class has a target of its own, the class after it (all-to-all). */
export const hasOwnTargets = ({ classes, target }: Attacked): boolean =>
  target === nextClass && !classes.includes(target);

/**
 * The class that the attacker wants of pictures of a class; null where nothing was attacked and for the target itself,
 * whose pictures are not counted.
 */
export function wantedOf(attacked: Attacked, label: string): string | null {
  const { classes, target } = attacked;
  const wanted = hasOwnTargets(attacked)
    ? classes[(classes.indexOf(label) + 1) % classes.length]
    : (target ?? undefined);
  return wanted === undefined || wanted === label ? null : wanted;
}

/** The target as it is named beside a model; null where nothing was attacked. */
export function describeTarget(attacked: Attacked): string | null {
  return hasOwnTargets(attacked) ? 'the next class of each' : attacked.target;
}
