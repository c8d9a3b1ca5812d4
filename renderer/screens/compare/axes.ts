import { methodOf } from '#contract/methods/method-registry.ts';
import { metricNames, metrics } from '#contract/metrics.ts';
import { settingWords } from '#core/setting-words.ts';
import { type Compared, measures, shareOf } from './deltas.ts';

/** Where a model stands on an axis; shares in per cent, with their interval. */
export interface AxisValue {
  value: number | string;
  low: number | null;
  high: number | null;
}

/** One thing that models can be drawn by: a result, a setting, or something of the attack. */
export interface CompareAxis {
  /** In the address. */
  name: string;
  /** In lists. */
  label: string;
  /** Under the axis. */
  title: string;
  topic: 'results' | 'settings' | 'attack';
  kind: 'share' | 'number' | 'word';
  /** null: the model has no such thing. */
  read: (compared: Compared) => AxisValue | null;
}

/** Results whose short words in the table are too short for a chart. */
const longWords: Readonly<Record<string, { label: string; title: string }>> = {
  ca: { label: 'Clean accuracy', title: 'clean accuracy, %' },
  asr: { label: 'Attack success', title: 'attack success rate, %' },
};

/** In the middle of a sentence. */
export const lowerFirst = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

function shareAxis(
  name: string,
  label: string,
  find: (one: Compared) => ReturnType<typeof shareOf>,
): CompareAxis {
  return {
    name,
    label: longWords[name]?.label ?? label,
    title: longWords[name]?.title ?? `${lowerFirst(label)}, %`,
    topic: 'results',
    kind: 'share',
    read(compared) {
      const share = find(compared);
      if (share === null || share.count === 0) return null;
      return { value: 100 * share.value, low: 100 * share.low, high: 100 * share.high };
    },
  };
}

const measured = new Set<string>(measures.map(({ name }) => name));
const results: readonly CompareAxis[] = [
  ...measures.map(({ name, word }) =>
    shareAxis(name, word.replace(/, %$/, ''), (compared) => shareOf(compared, name)),
  ),
  ...metricNames
    .filter((name) => !measured.has(name))
    .map((name) =>
      shareAxis(name, metrics[name].label, ({ evaluation }) => evaluation?.metrics[name] ?? null),
    ),
];

type Plain = string | number | boolean;
const isPlain = (value: unknown): value is Plain => ['string', 'number', 'boolean'].includes(typeof value);

function settingsOf({ run, architecture, dataset }: Compared): Record<string, unknown> {
  const shared = { architecture, dataset: dataset?.name };
  if (run === null) return shared;
  const { method, settings, data, seed } = run.config;
  return { method: methodOf(method).label, ...shared, ...settings, ...data.selection, seed };
}

function attackOf({ attack }: Compared): Record<string, unknown> {
  if (attack === null) return {};
  const { variant, trigger, target, strategy, poisons, rate, parameters } = attack;
  return {
    variant,
    trigger,
    target,
    strategy,
    poisons,
    poisonRate: rate === null ? null : 100 * rate,
    ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`trigger.${name}`, value])),
  };
}

const words: Readonly<Record<string, string>> = {
  method: 'Method',
  architecture: 'Architecture',
  dataset: 'Dataset',
  variant: 'Variant',
  trigger: 'Trigger',
  target: 'Target',
  strategy: 'Strategy',
  poisons: 'Poisoned pairs',
  poisonRate: 'Poison rate, %',
};
const wordOf = (name: string) =>
  words[name] ?? settingWords.get(name) ?? name.replace(/^trigger\./, 'Trigger: ');

function chosenAxes(
  runs: readonly Compared[],
  topic: 'settings' | 'attack',
  collect: (one: Compared) => Record<string, unknown>,
): CompareAxis[] {
  const all = runs.map((run) => collect(run));
  const names = [...new Set(all.flatMap((one) => Object.keys(one)))];
  return names.flatMap((name): CompareAxis[] => {
    const values = all.map((one) => one[name]).filter(isPlain);
    if (values.length === 0) return [];
    const numeric = values.every((value) => typeof value === 'number');
    const label = wordOf(name);
    return [
      {
        name,
        label,
        title: lowerFirst(label),
        topic,
        kind: numeric ? 'number' : 'word',
        read(compared) {
          const value = collect(compared)[name];
          if (!isPlain(value)) return null;
          return {
            value: typeof value === 'number' && numeric ? value : String(value),
            low: null,
            high: null,
          };
        },
      },
    ];
  });
}

/** Everything that these models can be drawn by: results that one of them has, settings, and what they were attacked with. */
export function listAxes(runs: readonly Compared[]): CompareAxis[] {
  return [
    ...results.filter(({ read }) => runs.some((run) => read(run) !== null)),
    ...chosenAxes(runs, 'settings', settingsOf),
    ...chosenAxes(runs, 'attack', attackOf),
  ];
}
