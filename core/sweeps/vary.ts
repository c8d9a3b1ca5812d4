import type { Choices, SweepPlan, Varied, VariedValue } from '#contract/sweep.ts';
import { createRandom, type Random } from '../random/random.ts';
import { badVary } from './bad-vary.ts';

/** Combinations that a plan may not exceed: more is a slip, not a study. */
const mostCombinations = 10_000;

/**
 * The combinations of varied settings: all of them (grid; the last setting changes fastest), or a seeded random sample
 * in which each setting is drawn by itself. No combination comes twice.
 * @param vary path of a setting -> its choices
 * @throws WorkbenchError `bad-input` for a range without an end, none or too many combinations
 */
export function listCombinations(vary: Readonly<Record<string, Choices>>, plan: SweepPlan): Varied[] {
  const settings = Object.entries(vary);
  return plan.kind === 'grid' ? listGrid(settings) : drawSample(settings, plan);
}

function listGrid(settings: readonly (readonly [string, Choices])[]): Varied[] {
  const lists = settings.map(([path, choices]) => [path, unique(listChoices(path, choices))] as const);
  const count = lists.reduce((product, [, values]) => product * values.length, 1);
  if (count > mostCombinations) {
    throw badVary(
      Object.keys(Object.fromEntries(settings)).join(', '),
      `${count} combinations are more than ${mostCombinations}: vary less, or take a random sample`,
    );
  }
  return lists.reduce<Varied[]>(
    (made, [path, values]) => made.flatMap((one) => values.map((value) => ({ ...one, [path]: value }))),
    [{}],
  );
}

function drawSample(
  settings: readonly (readonly [string, Choices])[],
  { samples, seed }: { samples: number; seed: number },
): Varied[] {
  const random = createRandom('sweep', seed);
  const found = new Map<string, Varied>();
  // A sample larger than what there is to draw ends with what there is.
  for (let tries = 0; tries < 100 * samples && found.size < samples; tries++) {
    const drawn = Object.fromEntries(settings.map(([path, choices]) => [path, draw(path, choices, random)]));
    const key = JSON.stringify(drawn);
    if (!found.has(key)) found.set(key, drawn);
  }
  return [...found.values()];
}

/** The values of a list as they are, or of a range: `from`, `from` + `step` ... up to `to`, or `count` of them. */
export function listChoices(path: string, choices: Choices): VariedValue[] {
  if (Array.isArray(choices)) {
    if (choices.length === 0) throw badVary(path, 'the list is empty: give a value at least');
    return choices;
  }
  const { from, to, scale, integer } = choices;
  checkRange(path, choices);
  const count = choices.count ?? (choices.step === undefined ? null : stepsIn(from, to, choices.step) + 1);
  if (count === null) throw badVary(path, 'a range in a grid needs a step or a count');
  const values = Array.from({ length: count }, (_, at) => {
    if (choices.step !== undefined) return tidy(from + at * choices.step);
    const part = count === 1 ? 0 : at / (count - 1);
    return scale === 'log' ? tidy(from * (to / from) ** part) : tidy(from + part * (to - from));
  });
  return integer ? values.map(Math.round) : values;
}

function draw(path: string, choices: Choices, random: Random): VariedValue {
  if (Array.isArray(choices) || choices.count !== undefined || choices.step !== undefined) {
    const values = listChoices(path, choices);
    return values[random.integer(values.length)]!;
  }
  checkRange(path, choices);
  const { from, to, scale, integer } = choices;
  if (integer) return from + random.integer(to - from + 1);
  return scale === 'log' ? from * (to / from) ** random.next() : random.uniform(from, to);
}

function checkRange(path: string, { from, to, scale, step, integer }: Exclude<Choices, unknown[]>): void {
  if (to < from) throw badVary(path, `the range ends at ${to}, before it begins at ${from}`);
  if (scale === 'log' && from <= 0) throw badVary(path, 'a log scale begins above 0');
  if (step !== undefined && scale === 'log')
    throw badVary(path, 'a log scale takes a count in place of a step');
  if (step !== undefined && stepsIn(from, to, step) >= mostCombinations) {
    throw badVary(path, `a step of ${step} gives more than ${mostCombinations} values`);
  }
  if (integer && !(Number.isInteger(from) && Number.isInteger(to))) {
    throw badVary(path, 'a range of whole numbers begins and ends with one');
  }
}

/** Whole steps from one end to the other; half a billionth of rounding is forgiven. */
function stepsIn(from: number, to: number, step: number): number {
  return Math.floor((to - from) / step + 5e-10);
}

/** Without the rounding of repeated sums: 0.1 + 2 x 0.1 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function unique(values: readonly VariedValue[]): VariedValue[] {
  return [...new Set(values)];
}
