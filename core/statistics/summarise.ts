import { WorkbenchError } from '#contract/errors.ts';
import type { EvaluationResult, Share } from '#contract/evaluation.ts';
import { nextClass } from '#contract/variant.ts';
import { type AttackedPicture, measureAttack } from './metrics/attack-metrics.ts';
import { wilson } from './wilson.ts';

/** What one pass over the test images found; row i of each list belongs to the same image. */
export interface EvaluationCounts {
  classes: readonly string[];
  /** Class numbers. */
  labels: readonly number[];
  /**
   * The class that the attacker wants, {@link nextClass} where each class has its own; null where nothing was attacked.
   * One that is no class has the number after the last in `triggered` and `cleanWithTarget`.
   */
  target: string | null;
  /** Class numbers, best first. */
  clean: readonly (readonly number[])[];
  /** The clean images among the classes and the target; null where the target is a class, or nothing was attacked. */
  cleanWithTarget?: readonly (readonly number[])[] | null;
  /** The same with the trigger; null where nothing was attacked. */
  triggered: readonly (readonly number[])[] | null;
  /** Softmax probabilities in the order of the classes above; null where they are not known. */
  probabilities: Probabilities | null;
  recordIds: readonly number[];
}

interface Probabilities {
  clean: readonly (readonly number[])[];
  triggered: readonly (readonly number[])[] | null;
}

/** How many of the best predictions top-5 looks at. */
export const topClasses = 5;

/**
 * CA, top-5, ASR and the rest from predictions, overall and per class, by the definitions of
 * contract/evaluation.ts. Without a target or without triggered predictions there is no ASR.
 * @throws WorkbenchError `bad-input` where the target is no class and the clean images were not ranked with it;
 *   `internal` where lists differ in length
 */
export function summariseEvaluation(counts: EvaluationCounts): EvaluationResult {
  checkLengths(counts);
  const { classes, labels, target, clean, triggered, probabilities, recordIds } = counts;
  const targetOf = findTargets(counts);
  const perClass = classes.map((name, number) => {
    const own = clean.filter((_, image) => labels[image] === number);
    const ownTriggered = triggered?.filter((_, image) => labels[image] === number) ?? null;
    const wanted = targetOf?.(number) ?? null;
    const attacked = wanted !== null && wanted !== number ? ownTriggered : null;
    return {
      class: name,
      count: own.length,
      accuracy: share(own, (ranked) => ranked[0] === number),
      top5: share(own, (ranked) => ranked.slice(0, topClasses).includes(number)),
      attackSuccess: attacked && share(attacked, (ranked) => ranked[0] === wanted),
    };
  });
  const attack = targetOf === null ? null : summariseAttack(counts, targetOf);
  return {
    classes: [...classes],
    target,
    ca: addShares(perClass.map(({ accuracy }) => accuracy)),
    top5: addShares(perClass.map(({ top5 }) => top5)),
    asr: attack?.asr ?? null,
    cleanAsTarget: attack?.cleanAsTarget ?? null,
    implanted: attack?.asr && attack.cleanAsTarget ? isImplanted(attack.asr, attack.cleanAsTarget) : null,
    metrics: attack?.metrics ?? {},
    perClass,
    predictions: recordIds.map((recordId, image) => ({
      recordId,
      clean: (clean[image] ?? []).slice(0, topClasses),
      triggered: triggered?.[image]?.slice(0, topClasses) ?? null,
      cleanProbabilities: probabilities?.clean[image]?.slice(0, topClasses) ?? null,
      triggeredProbabilities: probabilities?.triggered?.[image]?.slice(0, topClasses) ?? null,
    })),
  };
}

/** ASR >= 50 % and at least 10 times the fraction of clean non-target images predicted as the target; on counts, exactly. */
export function isImplanted(asr: Share, cleanAsTarget: Share): boolean {
  if (asr.count === 0) return false;
  const half = 2 * asr.hits >= asr.count;
  return half && asr.hits * cleanAsTarget.count >= 10 * cleanAsTarget.hits * asr.count;
}

/** The class that the attacker wants of pictures of each class, by number. */
type TargetOf = (label: number) => number;

function summariseAttack({ labels, triggered, ...counts }: EvaluationCounts, targetOf: TargetOf) {
  const clean = counts.cleanWithTarget ?? counts.clean;
  const attacked = labels.flatMap((label, image): AttackedPicture[] => {
    const target = targetOf(label);
    if (target === label) return [];
    return [{ label, target, clean: clean[image] ?? [], triggered: triggered?.[image] ?? null }];
  });
  // Of no pictures nothing is known: a share of 0 would say that the attack failed.
  if (attacked.length === 0) return { asr: null, cleanAsTarget: null, metrics: {} };
  return {
    asr: triggered && share(attacked, ({ triggered, target }) => triggered?.[0] === target),
    cleanAsTarget: share(attacked, ({ clean, target }) => clean[0] === target),
    metrics: measureAttack(attacked),
  };
}

/** The target of pictures of each class; null where nothing was attacked. @throws WorkbenchError `bad-input` */
export function findTargets({
  classes,
  target,
  cleanWithTarget,
}: Pick<EvaluationCounts, 'classes' | 'target' | 'cleanWithTarget'>): TargetOf | null {
  if (target === null) return null;
  const number = classes.indexOf(target);
  if (number >= 0) return () => number;
  if (target === nextClass) return (label) => (label + 1) % classes.length;
  if (cleanWithTarget) return () => classes.length;
  const message = `The target "${target}" is none of the ${classes.length} classes: choose one of them.`;
  throw new WorkbenchError('bad-input', message, { target });
}

function share<T>(items: readonly T[], isHit: (item: T) => boolean): Share {
  return wilson(items.filter(isHit).length, items.length);
}

function addShares(shares: readonly Share[]): Share {
  const total = (pick: (share: Share) => number) => shares.reduce((sum, one) => sum + pick(one), 0);
  return wilson(
    total(({ hits }) => hits),
    total(({ count }) => count),
  );
}

function checkLengths({ labels, clean, triggered, recordIds }: EvaluationCounts): void {
  const lengths = [labels.length, clean.length, recordIds.length, triggered?.length ?? labels.length];
  if (lengths.every((length) => length === labels.length)) return;
  const message = `Labels, clean and triggered predictions and records differ in number: ${lengths.join(', ')}.`;
  throw new WorkbenchError('internal', message, { lengths });
}
