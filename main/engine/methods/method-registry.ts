import type { MethodName } from '#contract/methods/method-registry.ts';
import { cleanclip } from './cleanclip.ts';
import { linearProbe } from './linear-probe.ts';
import { mmcl } from './mmcl.ts';
import { sslOnly } from './ssl-only.ts';
import { supervised } from './supervised.ts';
import type { CreateMethod } from './training-method.ts';

/** How each method trains. */
export const engineMethods = {
  mmcl,
  cleanclip,
  'ssl-only': sslOnly,
  supervised,
  'linear-probe': linearProbe,
} satisfies Record<MethodName, CreateMethod>;
