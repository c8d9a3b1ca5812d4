import { nextClass } from '#contract/variant.ts';
import { type PairedDifference, pairedBootstrap } from './paired-bootstrap.ts';
import { findTargets, topClasses } from './summarise.ts';

/** What one evaluation answered for a picture; class numbers, best first. */
export interface PictureAnswers {
  recordId: number;
  label: string;
  clean: readonly number[];
  triggered: readonly number[] | null;
}

export interface AnsweredPictures {
  classes: readonly string[];
  /** As in EvaluationCounts of summarise.ts; null where nothing was attacked. */
  target: string | null;
  /** In the order of their records. */
  pictures: readonly PictureAnswers[];
}

/** Shares that two models can be compared in, picture by picture. */
export const pairedShares = [
  'ca',
  'top5',
  'asr',
  'attackTop5',
  'poisonedAccuracy',
  'targetWithoutTrigger',
] as const;
export type PairedShare = (typeof pairedShares)[number];
export type PairedDifferences = Record<PairedShare, PairedDifference | null>;

type Judge = (picture: PictureAnswers, label: number, target: number) => boolean;

const cleanJudges = {
  ca: ({ clean }, label) => clean[0] === label,
  top5: ({ clean }, label) => clean.slice(0, topClasses).includes(label),
} as const satisfies Partial<Record<PairedShare, Judge>>;

const attackJudges = {
  asr: ({ triggered }, _, target) => triggered?.[0] === target,
  attackTop5: ({ triggered }, _, target) => triggered?.slice(0, topClasses).includes(target) ?? false,
  poisonedAccuracy: ({ triggered }, label) => triggered?.[0] === label,
  targetWithoutTrigger: ({ clean }, _, target) => clean[0] === target,
} as const satisfies Partial<Record<PairedShare, Judge>>;

/**
 * The differences of two models on the same pictures, with paired bootstrap intervals: `own` less `other`. A share is
 * null where pictures, classes or, of an attack, targets are not the same, or nothing was attacked.
 */
export function comparePaired(own: AnsweredPictures, other: AnsweredPictures): PairedDifferences {
  const same =
    own.pictures.length === other.pictures.length &&
    own.pictures.every(({ recordId }, place) => recordId === other.pictures[place]?.recordId) &&
    own.classes.join('\n') === other.classes.join('\n');
  // A target that is no class is one more answer to triggered pictures alone; of clean ones nothing of it is kept.
  const targetOf = findTargets({ classes: own.classes, target: own.target, cleanWithTarget: [] });
  const targetIsClass = own.target !== null && (own.target === nextClass || own.classes.includes(own.target));
  const attacked =
    same && targetOf !== null && own.target === other.target && isAttacked(own) && isAttacked(other);
  const labelOf = new Map(own.classes.map((name, number) => [name, number]));
  const compare = (judge: Judge, onAttack: boolean): PairedDifference | null => {
    if (onAttack ? !attacked : !same) return null;
    const hits: [boolean[], boolean[]] = [[], []];
    for (const [place, picture] of own.pictures.entries()) {
      const second = other.pictures[place];
      const label = labelOf.get(picture.label);
      if (label === undefined || second === undefined) continue;
      const target = targetOf?.(label) ?? -1;
      if (onAttack && target === label) continue;
      hits[0].push(judge(picture, label, target));
      hits[1].push(judge(second, label, target));
    }
    return pairedBootstrap(...hits);
  };
  return {
    ca: compare(cleanJudges.ca, false),
    top5: compare(cleanJudges.top5, false),
    asr: compare(attackJudges.asr, true),
    attackTop5: compare(attackJudges.attackTop5, true),
    poisonedAccuracy: compare(attackJudges.poisonedAccuracy, true),
    targetWithoutTrigger: targetIsClass ? compare(attackJudges.targetWithoutTrigger, true) : null,
  };
}

const isAttacked = ({ pictures }: AnsweredPictures): boolean =>
  pictures.every(({ triggered }) => triggered !== null);
