import type { EvaluationView } from '#contract/api/models.ts';
import { formatCount, formatPercent } from '../../format/numbers.ts';
import { hasOwnTargets } from './targets.ts';

/** What an evaluation says of the backdoor: a word, and the numbers it comes from. */
export function readVerdict(evaluation: EvaluationView): { word: string; reason: string } {
  const { asr, cleanAsTarget, implanted, target } = evaluation;
  if (target !== null && asr === null) {
    return {
      word: 'Not measured',
      reason: 'No test picture is outside the target class, so nothing is known of a backdoor.',
    };
  }
  if (asr === null || implanted === null) {
    return { word: 'No trigger', reason: 'Whether a backdoor is there was not tried.' };
  }
  const rate = cleanAsTarget === null ? null : cleanAsTarget.value;
  const times = rate === null || rate === 0 ? null : asr.value / rate;
  const wanted = hasOwnTargets(evaluation) ? 'the next class' : `“${target ?? ''}”`;
  const reason =
    rate === null
      ? `The target is ${wanted}.`
      : times === null
        ? `No clean picture is predicted as ${wanted}.`
        : `${times >= 10 ? formatCount(Math.round(times)) : times.toFixed(1)} times the clean rate of ${wanted}, ${formatPercent(rate)}\u00a0%.`;
  return { word: implanted ? 'Implanted' : 'Not implanted', reason };
}
