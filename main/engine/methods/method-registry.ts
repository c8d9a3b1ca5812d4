import type { MethodName } from '#contract/methods/method-registry.ts';
import { abl } from './abl.ts';
import { cleanclip } from './cleanclip.ts';
import { finePruning } from './fine-pruning.ts';
import { heavyDecay } from './heavy-decay.ts';
import { linearProbe } from './linear-probe.ts';
import { mmcl } from './mmcl.ts';
import { par } from './par.ts';
import { progressive } from './progressive.ts';
import { roclip } from './roclip.ts';
import { rvpt } from './rvpt.ts';
import { safeclip } from './safeclip.ts';
import { shrinkPerturb } from './shrink-perturb.ts';
import { sslOnly } from './ssl-only.ts';
import { supervised } from './supervised.ts';
import type { CreateMethod } from './training-method.ts';
import { unlearn } from './unlearn.ts';
import { wiseFt } from './wise-ft.ts';

/** How each method trains. */
export const engineMethods = {
  mmcl,
  cleanclip,
  'ssl-only': sslOnly,
  supervised,
  'linear-probe': linearProbe,
  par,
  roclip,
  safeclip,
  progressive,
  abl,
  unlearn,
  rvpt,
  'fine-pruning': finePruning,
  'wise-ft': wiseFt,
  'shrink-perturb': shrinkPerturb,
  'heavy-decay': heavyDecay,
} satisfies Record<MethodName, CreateMethod>;
