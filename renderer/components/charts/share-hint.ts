import { Tooltip } from 'bits-ui';
import type { Share } from '#contract/evaluation.ts';
import type { Definition } from './definitions.ts';

/** What a share is of, so that it never stands bare. */
export interface ShareHint {
  share: Share;
  means: Definition;
  training: boolean;
  /** An attack success of a model that was never trained on the attack. */
  untrained: boolean;
}

/** Ties every share on a screen to the one tooltip that the frame renders: a tooltip each costs a table seconds. */
export const shareHint = Tooltip.createTether<ShareHint>();
