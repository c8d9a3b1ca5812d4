import type { BestRule, Choices, SweepPlan } from '#contract/sweep.ts';

/** What varies in the form of a new run: it stands in the address as `vary=lambda:1,4`, once for each. */
export interface VariedSetting {
  name: string;
  /** As a person wrote it: see {@link readChoices}. */
  text: string;
}

/** Reads what varies from the address. */
export function readVaried(query: URLSearchParams): VariedSetting[] {
  return query.getAll('vary').flatMap((entry) => {
    const [name = '', ...text] = entry.split(':');
    return name === '' ? [] : [{ name, text: text.join(':') }];
  });
}

/** For the address. */
export const writeVaried = (varied: readonly VariedSetting[]): string[] =>
  varied.map(({ name, text }) => `${name}:${text}`);

/** More values than these in one range are a slip. */
const mostValues = 1000;

/** `FROM..TO`, `FROM..TO step STEP`, `FROM..TO in COUNT`; `log` behind it for a log scale. */
const rangeText =
  /^(?<from>[^\s,]+?)\s*\.\.\s*(?<to>[^\s,]+)(?:\s+step\s+(?<step>\S+)|\s+in\s+(?<count>\d+))?(?<log>\s+log)?$/;

/**
 * The values of a list such as `1, 4`, in which `0..4` stands for whole numbers and true and false for themselves; or a
 * range: `100..400 step 100`, `1e-5..1e-3 in 5 log`, and for a sample, which draws from it, `0.5..8`. An empty list
 * where nothing can be read.
 */
export function readChoices(text: string): Choices {
  return readRange(text.trim()) ?? readList(text);
}

function readRange(text: string): Exclude<Choices, unknown[]> | null {
  const { from, to, step, count, log } = rangeText.exec(text)?.groups ?? {};
  const [low, high] = [Number(from), Number(to)];
  if (Number.isNaN(low + high) || Number.isNaN(Number(step ?? 0))) return null;
  const whole = Number.isInteger(low) && Number.isInteger(high);
  // Whole numbers without more are a list.
  if (whole && [step, count, log].every((one) => one === undefined)) return null;
  return {
    from: low,
    to: high,
    ...(step === undefined ? {} : { step: Number(step) }),
    ...(count === undefined ? {} : { count: Number(count) }),
    scale: log === undefined ? 'linear' : 'log',
    integer: false,
  };
}

/** Whether there is a value at least. */
export const hasValues = (choices: Choices): boolean => !Array.isArray(choices) || choices.length > 0;

function readList(text: string): (string | number | boolean)[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .flatMap((word): (string | number | boolean)[] => {
      const range = /^(-?\d+)\s*\.\.\s*(-?\d+)$/.exec(word);
      if (range !== null) {
        const [from, to] = [Number(range[1]), Number(range[2])];
        const count = Math.min(mostValues, Math.max(0, to - from + 1));
        return Array.from({ length: count }, (_, index) => from + index);
      }
      if (word === 'true' || word === 'false') return [word === 'true'];
      const value = Number(word);
      return [Number.isNaN(value) ? word : value];
    });
}

/** `vary` of a sweep file; settings without a value are left out. */
export function toVary(varied: readonly VariedSetting[]): Record<string, Choices> {
  return Object.fromEntries(
    varied
      .map(({ name, text }) => [name, readChoices(text)] as const)
      .filter(([, choices]) => hasValues(choices)),
  );
}

/** Which combinations are made, from the address: all, or a sample where `samples` says how many. */
export function readPlan(query: URLSearchParams): SweepPlan {
  const samples = wholeNumber(query.get('samples'));
  if (samples === null || samples < 1) return { kind: 'grid' };
  return {
    kind: 'random',
    samples: Math.min(10_000, samples),
    seed: wholeNumber(query.get('sample-seed')) ?? 0,
  };
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

/** What the best runs may be chosen by, the usual first. */
export const bestColumns = {
  asr: { label: 'Lowest ASR', direction: 'lowest' },
  ca: { label: 'Highest CA', direction: 'highest' },
  poisonedAccuracy: { label: 'Highest poisoned accuracy', direction: 'highest' },
} as const satisfies Record<string, { label: string; direction: BestRule['direction'] }>;
export type BestColumn = keyof typeof bestColumns;

/** The rule of the best, from the address. */
export function readBest(query: URLSearchParams): BestRule & { column: BestColumn } {
  const asked = query.get('best');
  const column = asked === 'ca' || asked === 'poisonedAccuracy' ? asked : 'asr';
  return { column, direction: bestColumns[column].direction, where: query.get('where') ?? '' };
}
