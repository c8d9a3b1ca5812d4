import type { EvaluationView } from '#contract/api/models.ts';
import { formatPercent } from '../../format/numbers.ts';
import { hasOwnTargets } from './targets.ts';

/** What an evaluation says of the backdoor: a word, and the numbers it comes from. */
export function readVerdict(evaluation: EvaluationView): { word: string; reason: string } {
  const { asr, cleanAsTarget, implanted, target } = evaluation;
  if (asr === null || implanted === null) {
    return { word: 'No trigger', reason: 'Measured on clean pictures only.' };
  }
  const rate = cleanAsTarget === null ? null : cleanAsTarget.value;
  const times = rate === null || rate === 0 ? null : asr.value / rate;
  const wanted = hasOwnTargets(evaluation) ? 'the next class' : `“${target ?? ''}”`;
  const reason =
    rate === null
      ? `The target is ${wanted}.`
      : times === null
        ? `No clean picture is taken for ${wanted}.`
        : `${times >= 10 ? Math.round(times) : times.toFixed(1)} times the clean rate of ${wanted}, ${formatPercent(rate)} %.`;
  return { word: implanted ? 'Implanted' : 'Not implanted', reason };
}
