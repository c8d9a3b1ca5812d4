import type { SweepView } from '#contract/api/sweeps.ts';
import { groupBy } from '#core/group-by.ts';
import { settingWords } from '#core/setting-words.ts';
import { meanInterval } from '#core/statistics/seed-interval.ts';
import { withoutSeeds } from '#core/sweeps/without-seeds.ts';

export type SweepRunView = SweepView['runs'][number];
type Value = string | number | boolean;

/** What a sweep varies, in the order in which each is first met. */
export const variedNames = ({ runs }: Pick<SweepView, 'runs'>): string[] => [
  ...new Set(runs.flatMap(({ varied }) => Object.keys(varied))),
];

/** A varied setting in words; what is no setting keeps the name that sweep files have for it. */
export function variedWord(name: string): string {
  const word = settingWords.get(name) ?? name;
  return `${word.charAt(0).toLowerCase()}${word.slice(1)}`;
}

/** Runs that differ in seeds alone, with means of those that are measured; shares in per cent. */
export interface SeedGroup {
  /** What is varied besides seeds. */
  varied: Record<string, Value>;
  words: string;
  runs: SweepRunView[];
  ca: Mean | null;
  asr: Mean | null;
}

interface Mean {
  mean: number;
  /** Student's t at 95 %; the mean itself where one run is measured. */
  low: number;
  high: number;
  count: number;
}

export function groupBySeed({ runs }: Pick<SweepView, 'runs'>): SeedGroup[] {
  const groups = new Map<string, SeedGroup>();
  for (const run of runs) {
    const varied = withoutSeeds(run.varied);
    const key = JSON.stringify(varied);
    const words = wordsOf(varied);
    const group = groups.get(key) ?? { varied, words: words || 'all alike', runs: [], ca: null, asr: null };
    group.runs.push(run);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({
    ...group,
    ca: meanOf(group.runs.map(({ ca }) => ca)),
    asr: meanOf(group.runs.map(({ asr }) => asr)),
  }));
}

/** What is varied in words, but for one setting. */
const wordsOf = (varied: Record<string, Value>, without?: string) =>
  Object.entries(varied)
    .filter(([name]) => name !== without)
    .map(([name, value]) => `${variedWord(name)} ${value}`)
    .join(', ');

function meanOf(shares: readonly (number | null)[]): Mean | null {
  const values = shares.flatMap((share) => (share === null ? [] : [100 * share]));
  const [only] = values;
  if (only === undefined) return null;
  if (values.length === 1) return { mean: only, low: only, high: only, count: 1 };
  const { mean, low, high } = meanInterval(values);
  return { mean, low: Math.max(0, low), high: Math.min(100, high), count: values.length };
}

/** A line of a curve: CA or ASR over one setting, the others held. */
export interface Curve {
  /** The settings that are held, in words; empty where there are no others. */
  words: string;
  points: { x: number; ca: Mean | null; asr: Mean | null }[];
}

/** The numeric settings that a sweep varies in two values at least. */
export function curveSettings(groups: readonly SeedGroup[]): string[] {
  const names = [...new Set(groups.flatMap(({ varied }) => Object.keys(varied)))];
  return names.filter((name) => {
    const values = new Set(groups.flatMap(({ varied }) => varied[name] ?? []));
    return values.size > 1 && [...values].every((value) => typeof value === 'number');
  });
}

/** Curves over one setting, each with its points in order. */
export function curvesOver(groups: readonly SeedGroup[], name: string): Curve[] {
  const curves = new Map<string, Curve>();
  for (const { varied, ca, asr } of groups) {
    const x = varied[name];
    if (typeof x !== 'number') continue;
    const words = wordsOf(varied, name);
    const curve = curves.get(words) ?? { words, points: [] };
    curve.points.push({ x, ca, asr });
    curves.set(words, curve);
  }
  for (const { points } of curves.values()) points.sort((a, b) => a.x - b.x);
  return [...curves.values()];
}

/** Groups along one setting, in its order, the others held: a line of the chart of CA against ASR. */
export interface Path {
  /** The settings that are held, in words; empty where there are no others. */
  words: string;
  points: { words: string; ca: Mean; asr: Mean }[];
}

/** The numeric setting that has the most values, the later of equals; null where no number varies. */
export function mainSetting(groups: readonly SeedGroup[]): string | null {
  const valuesOf = (name: string) => new Set(groups.map(({ varied }) => varied[name])).size;
  return curveSettings(groups).reduce<string | null>(
    (best, name) => (best === null || valuesOf(name) >= valuesOf(best) ? name : best),
    null,
  );
}

/**
 * Measured groups as lines along the main setting. Where no number varies, nothing comes before or after anything: each
 * group is a line of one point.
 */
export function pathsOf(groups: readonly SeedGroup[]): Path[] {
  const along = mainSetting(groups);
  const measured = groups.flatMap(({ ca, asr, ...group }) =>
    ca === null || asr === null ? [] : [{ ...group, ca, asr }],
  );
  if (along === null)
    return measured.map(({ words, ca, asr }) => ({ words: '', points: [{ words, ca, asr }] }));
  const lines = groupBy(measured, ({ varied }) => wordsOf(varied, along));
  return [...lines].map(([words, own]) => ({
    words,
    points: own
      .sort((a, b) => Number(a.varied[along]) - Number(b.varied[along]))
      .map(({ varied, ca, asr }) => ({ words: `${variedWord(along)} ${varied[along]}`, ca, asr })),
  }));
}

/** An axis of parallel coordinates: its name and the place of each run on it, from 0 (bottom) to 1. */
export interface ParallelAxis {
  name: string;
  /** Words at the bottom and at the top. */
  low: string;
  high: string;
  /** null: the run has no such value. */
  places: (number | null)[];
}

/** What is varied, then CA and ASR, each from its least to its greatest value; words in the order in which they come. */
export function parallelAxes(runs: readonly SweepRunView[]): ParallelAxis[] {
  const names = variedNames({ runs: [...runs] });
  const axes = names.map((name) =>
    axisOf(
      variedWord(name),
      runs.map(({ varied }) => varied[name] ?? null),
    ),
  );
  const shares = (['ca', 'asr'] as const).map((name) =>
    axisOf(
      `${name.toUpperCase()}, %`,
      runs.map((run) => toPercent(run[name])),
    ),
  );
  return [...axes, ...shares];
}

/** A share in per cent, to a tenth. */
export const toPercent = (share: number | null) => (share === null ? null : Number((100 * share).toFixed(1)));

function axisOf(name: string, values: readonly (Value | null)[]): ParallelAxis {
  const there = values.flatMap((value) => (value === null ? [] : [value]));
  const numbers = there.filter((value) => typeof value === 'number');
  if (numbers.length === there.length && numbers.length > 0) {
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    const place = (value: number) => (high === low ? 0.5 : (value - low) / (high - low));
    return {
      name,
      low: String(low),
      high: String(high),
      places: values.map((value) => (typeof value === 'number' ? place(value) : null)),
    };
  }
  const words = [...new Set(there.map(String))];
  const last = Math.max(1, words.length - 1);
  return {
    name,
    low: words[0] ?? '–',
    high: words.at(-1) ?? '–',
    places: values.map((value) => (value === null ? null : words.indexOf(String(value)) / last)),
  };
}
