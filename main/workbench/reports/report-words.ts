import type { SweepView } from '#contract/api/sweeps.ts';
import type { Share } from '#contract/evaluation.ts';
import { methodOf } from '#contract/methods/method-registry.ts';
import type { Choices, Varied } from '#contract/sweep.ts';
import { settingWords } from '#core/setting-words.ts';
import type { AttackDetails } from '../comparisons/attack-details.ts';
import type { ReportedResult, ReportedRun } from './report-data.ts';

/** What was done in a run, in sentences generated from its settings. */
export function describeRun(reported: ReportedRun): string {
  const { run, dataset, poison, start, weightsSha256 } = reported;
  const { method, config } = { method: methodOf(run.config.method), config: run.config };
  const from =
    start === null ? `new weights of the architecture ${run.architecture}` : `the model '${start}'`;
  const { fraction, withoutPoisoned } = config.data.selection;
  const part = fraction === 1 ? 'all' : `${percent(fraction)} of the`;
  const data =
    poison.length === 0
      ? `${part} pairs of dataset '${dataset}', unpoisoned`
      : `${part} pairs of dataset '${dataset}', poisoned: ${poison.map(describePoison).join('; ')}`;
  const chosen = Object.entries(config.settings).map(
    ([name, value]) => `${(settingWords.get(name) ?? name).toLowerCase()} ${String(value)}`,
  );
  return [
    `Run '${run.name}': ${method.label} (${method.source}) from ${from} on ${data}.`,
    ...(withoutPoisoned ? [`${count(run.leftOut)} records that were poisoned before are left out.`] : []),
    `Settings: ${[...chosen, `seed ${config.seed}`].join(', ')}; ${count(run.step)} of ${count(run.totalSteps)} steps${run.environment === null ? '' : ` on ${run.environment.backend} ${run.environment.backendVersion} (${run.environment.device})`}.`,
    weightsSha256 === null
      ? `It is ${run.state} and has no model${run.message === null ? '' : `: ${run.message}`}.`
      : `Weights ${weightsSha256}.`,
  ].join(' ');
}

/** What a sweep varied, how far it is, and the best of it by its rule. */
export function describeSweep({ name, file: { vary, plan, best: rule }, runs, best }: SweepView): string {
  const varied = Object.entries(vary).map(([setting, choices]) => `${setting} (${choicesWords(choices)})`);
  const how =
    plan.kind === 'grid' ? 'all combinations' : `a sample of ${plan.samples} from seed ${plan.seed}`;
  const done = runs.filter(({ state }) => state === 'done').length;
  const where = rule.where === '' ? '' : ` where ${rule.where}`;
  const found =
    best === null
      ? 'none is measured that the rule takes'
      : `${wordsOf(best.varied) || 'all alike'}, mean ${best.column} ${best.mean.toFixed(1)} over ${best.runIds.length} of them`;
  return `Sweep '${name}' varies ${varied.join(' and ')}, ${how}: ${count(done)} of ${count(runs.length)} runs are done. Best by ${rule.direction} ${rule.column}${where}: ${found}.`;
}

const wordsOf = (varied: Varied) =>
  Object.entries(varied)
    .map(([setting, value]) => `${setting} ${value}`)
    .join(', ');

function choicesWords(choices: Choices): string {
  if (Array.isArray(choices)) return choices.join(', ');
  const { from, to, step, count: points, scale } = choices;
  const how = step === undefined ? (points === undefined ? '' : `, ${points} values`) : ` by ${step}`;
  return `${from} to ${to}${how}${scale === 'log' ? ' on a log scale' : ''}`;
}

function describePoison({
  trigger,
  target,
  strategy,
  poisons,
  rate,
  seed,
  variant,
  of,
  number,
}: AttackDetails): string {
  const which = of > 1 ? `, attack ${number} of ${of}` : '';
  const share = rate === null ? '' : ` (${percent(rate)} of the training pairs)`;
  return `${count(poisons)} pairs${share} got the trigger '${trigger}' with target '${target}' (strategy ${strategy}, seed ${seed}, variant '${variant}'${which})`;
}

/** On what a result was measured: runs are compared only where this is the same. */
export function describeMeasured({ evaluation, attack }: ReportedResult): string {
  const pictures = `${count(evaluation.ca.count)} ${evaluation.trainingPictures ? 'pictures, training pictures among them,' : `${evaluation.testSplit} pictures`} of '${evaluation.dataset}'`;
  if (attack === null) return `Clean pictures only: ${pictures}`;
  const which =
    attack.of > 1
      ? `attack ${attack.number} of ${attack.of} of '${attack.variant}'`
      : `the attack of '${attack.variant}'`;
  return `Under ${which} (${attack.trigger} to ${attack.target}): ${pictures}, ${count(evaluation.asr?.count ?? 0)} of them attacked`;
}

/** As {@link shareWords}, of a mean over seeds. */
export const meanWords = (mean: { mean: number; low: number; high: number } | null): string =>
  mean === null ? '–' : intervalWords(mean.mean, mean);

/** `38.3 % [35.6, 41.1]`; a dash where there is none. */
export function shareWords(share: Share | null | undefined): string {
  if (!share || share.count === 0) return '–';
  return intervalWords(share.value, share);
}

const intervalWords = (value: number, { low, high }: { low: number; high: number }) =>
  `${percent(value)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;

const percent = (value: number) => `${Number((100 * value).toFixed(1))} %`;
const count = (value: number) => value.toLocaleString('en');
