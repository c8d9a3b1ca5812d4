import type { ModelFileFinding, ModelView } from '#contract/api/models.ts';
import { formatPercent } from '../../../format/numbers.ts';

export const activationLabels = { quick_gelu: 'QuickGELU', gelu: 'GELU' } as const;

/** How an activation is known. */
export const activationSources = {
  given: 'as chosen',
  config: 'from the config beside the weights',
  origin: 'from the program that wrote the file',
} as const satisfies Record<NonNullable<ModelFileFinding['activationFrom']>, string>;

/** What was measured of a model, one line for each dataset and attack. */
export function measuredLines({ measured }: Pick<ModelView, 'measured'>): string[] {
  return measured.map(({ dataset, variant, target, ca, asr, trainedOn, nearChance }) => {
    const attack =
      variant === null || asr === null
        ? ''
        : `, ASR ${formatPercent(asr.value)} (${variant} → ${target}${trainedOn === false ? ', never trained on it' : ''})`;
    return `${dataset}: CA ${formatPercent(ca.value)}${attack}${nearChance ? ', near chance' : ''}`;
  });
}
