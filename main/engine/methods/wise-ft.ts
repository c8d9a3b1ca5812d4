import { wiseFt as definition } from '#contract/methods/wise-ft.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { mixWithStart } from './building-blocks/mix-with-start.ts';
import { createPairsPhase } from './building-blocks/pairs-phase.ts';
import { implementMethod } from './training-method.ts';

/** MMCL, then the mix with the weights that it started from. */
export const wiseFt = implementMethod(definition, (settings, context) => ({
  ...trainByAdamw(settings, context),
  ...mixWithStart(settings.mix),
  phases: { pairs: createPairsPhase(settings, context) },
}));
