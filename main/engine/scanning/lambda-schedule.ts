/** Cosine from which on embeddings count as one. */
export const alikeFrom = 0.99;

const first = 1e-3;
const floor = 1e-7;
const ceiling = 1e5;
const factor = 5;
const patience = 5;
const resetPatience = 2 * patience;
const stopPatience = 7 * patience;

/** What DECREE watches from step to step. */
export interface LambdaSchedule {
  /** Weight of the mask's size in the step to come. */
  readonly lambda: number;
  /** The smallest mask, as a sum over all values, that made embeddings alike; infinite where none did yet. */
  readonly best: number;
  /** That mask has not become smaller for 35 steps. */
  readonly isOver: boolean;
  /** Takes what a step saw. @returns whether its mask is the best yet */
  see(cosine: number, size: number): boolean;
}

/**
 * DECREE's way with lambda (GiantSeaweed/DECREE, commit 9c13b88, main.py, as for CLIP): times 5 after more than 5 steps
 * in a row with alike embeddings, a fifth after more than 5 without; begun anew after more than 10 alike steps below
 * 1e-7. It stops once the smallest mask has not become smaller for 35 steps.
 */
export function createLambdaSchedule(): LambdaSchedule {
  let lambda = first;
  let best = Number.POSITIVE_INFINITY;
  let unimproved = 0;
  let alike = 0;
  let unlike = 0;
  let below = 0;
  return {
    get lambda() {
      return lambda;
    },
    get best() {
      return best;
    },
    get isOver() {
      return unimproved > stopPatience;
    },
    see(cosine, size) {
      const isAlike = Math.abs(cosine) > alikeFrom;
      const isBest = isAlike && size < best;
      if (isBest) {
        best = size;
        unimproved = 0;
      } else if (Number.isFinite(best)) unimproved += 1;
      below = lambda < floor && isAlike ? below + 1 : 0;
      if (below > resetPatience) {
        lambda = first;
        alike = 0;
        unlike = 0;
      }
      alike = isAlike ? alike + 1 : 0;
      unlike = isAlike ? 0 : unlike + 1;
      if (alike > patience) {
        if (lambda < ceiling) lambda *= factor;
        alike = 0;
      } else if (unlike > patience) {
        if (lambda >= floor) lambda /= factor;
        unlike = 0;
      }
      return isBest;
    },
  };
}
