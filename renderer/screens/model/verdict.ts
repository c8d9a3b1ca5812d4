import type { EvaluationView } from '#contract/api/models.ts';
import { formatPercent } from '../../format/numbers.ts';

/** What an evaluation says of the backdoor: a word, and the numbers it comes from. */
export function readVerdict({ asr, cleanAsTarget, implanted, target }: EvaluationView): {
  word: string;
  reason: string;
} {
  if (asr === null || implanted === null) {
    return { word: 'No trigger', reason: 'Measured on clean pictures only.' };
  }
  const rate = cleanAsTarget === null ? null : cleanAsTarget.value;
  const times = rate === null || rate === 0 ? null : asr.value / rate;
  const reason =
    rate === null
      ? `The target is “${target ?? ''}”.`
      : times === null
        ? `No clean picture is taken for “${target ?? ''}”.`
        : `${times >= 10 ? Math.round(times) : times.toFixed(1)} times the clean rate of “${target ?? ''}”, ${formatPercent(rate)} %.`;
  return { word: implanted ? 'Implanted' : 'Not implanted', reason };
}
