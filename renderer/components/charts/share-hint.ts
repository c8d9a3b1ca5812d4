import { Tooltip } from 'bits-ui';
import type { Share } from '#contract/evaluation.ts';
import type { Definition } from './definitions.ts';

/** Ties every share on a screen to the one tooltip that the frame renders: a tooltip each costs a table seconds. */
export const shareHint = Tooltip.createTether<{ share: Share; means: Definition; training: boolean }>();
