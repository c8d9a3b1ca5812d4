import { mmcl as definition } from '#contract/methods/mmcl.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { mixWithStart } from './building-blocks/mix-with-start.ts';
import { createPairsPhase } from './building-blocks/pairs-phase.ts';
import { implementMethod } from './training-method.ts';

export const mmcl = implementMethod(definition, (settings, context) => ({
  ...trainByAdamw(settings, context),
  ...mixWithStart(settings.mix),
  phases: { pairs: createPairsPhase(settings, context) },
}));
