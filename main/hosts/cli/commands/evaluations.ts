import type { Command } from 'commander';
import { z } from 'zod';
import type { ChangesByRun } from '#contract/api/comparison.ts';
import type { EvaluationView } from '#contract/api/models.ts';
import type { Share } from '#contract/evaluation.ts';
import { furtherMeasureNames, furtherMeasures } from '#contract/further-measures.ts';
import { attackMetrics, metricNames, metrics } from '#contract/metrics.ts';
import { nextClass } from '#contract/variant.ts';
import { noteDifferences } from '#main/workbench/comparisons/comparable.ts';
import { changedNotes, viewChanges } from '#main/workbench/comparisons/comparison-view.ts';
import { type Comparison, compareModels } from '#main/workbench/comparisons/comparisons.ts';
import {
  type AfterEvaluation,
  type EvaluationPlan,
  evaluate,
} from '#main/workbench/evaluations/evaluations.ts';
import { measureFurther, refuseUnfitMeasure } from '#main/workbench/evaluations/further-measures.ts';
import { viewEvaluation } from '#main/workbench/evaluations/results.ts';
import { findStudied, idOf, nameOf } from '#main/workbench/models/studied-models.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import { addDeviceOption, numberOf, promptWords, readPrompts, UsageError } from '../options.ts';
import { runContext } from '../run-output.ts';
import { withWorkspace } from '../session.ts';
import { formatShare, formatTable } from '../tables.ts';

interface EvaluateOptions {
  model: string;
  dataset?: string;
  variant?: string;
  attack?: number | 'all';
  prompts?: string;
}

const readNumber = numberOf(z.number().int().min(1));

export function addEvaluateCommand(program: Command): void {
  const command = program
    .command('evaluate')
    .description('measure a model: clean accuracy (CA) and attack success (ASR), overall and per class')
    .requiredOption('--model <model>', 'name or id of the model, or of the run that made it')
    .option('--dataset <dataset>', "name or id (default: the variant's, or what the model was trained on)")
    .option('--variant <variant>', 'whose trigger and target to attack with (default: no attack, CA only)')
    .option(
      '--attack <n>',
      'which attack of a variant that has several, from 1, or all (default: the first)',
      (text) => (text === 'all' ? text : readNumber(text)),
    )
    .option('--prompts <set>', `in place of the dataset's own: ${promptWords}`);
  for (const name of furtherMeasureNames) {
    command.option(`--${name}`, lowerFirst(furtherMeasures[name].description).replace(/\.$/, ''), false);
  }
  addDeviceOption(command)
    .addHelpText(
      'after',
      '\nExample:\n  ccw evaluate --model emoji-patch-fruit-400-train --variant emoji-patch-fruit-400',
    )
    .action((options: EvaluateOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { model, dataset = null, variant = null, attack } = options;
        if (attack !== undefined && variant === null) {
          throw new UsageError('--attack takes one of the attacks of a variant: name it with --variant.');
        }
        const part = attack === 'all' ? attack : (attack ?? 1) - 1;
        const prompts = options.prompts === undefined ? {} : { prompts: readPrompts(options.prompts) };
        const request = { model, dataset, variant, part, ...prompts };
        const chosen = furtherMeasureNames.filter(
          (name) => command.getOptionValue(toCamelCase(name)) === true,
        );
        const after: AfterEvaluation = async (engine, { plan, evaluation }) => {
          let found = evaluation;
          for (const name of chosen) {
            const done = { plan, evaluation: found };
            found = await measureFurther(workspace, engine, done, name, runContext(session));
          }
          return found;
        };
        const refuse = (plan: EvaluationPlan) => {
          for (const name of chosen) refuseUnfitMeasure(plan, name);
        };
        const measured = await evaluate(workspace, request, session.context, { refuse, after });
        const views = measured.map((evaluation) => viewEvaluation(workspace, evaluation));
        session.print(attack === 'all' ? views.map(evaluationJson) : views.map(evaluationJson)[0], () =>
          views.map(formatEvaluation).join('\n\n'),
        );
      }),
    );
}

export function addCompareCommand(program: Command): void {
  const command = program
    .command('compare')
    .description('put models side by side: CA, ASR, and the settings that differ')
    .argument('<model...>', 'names or ids of models, or of runs')
    .option('--baseline <model>', 'which of them the others are compared with (default: the first)');
  addDeviceOption(command)
    .addHelpText('after', '\nExample:\n  ccw compare demo-0-poisoned demo-0-cleanclip demo-0-control')
    .action((models: string[], { baseline }: { baseline?: string }, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const comparison = await compareModels(workspace, models, session.context);
        const against = findStudied(workspace, baseline ?? models[0] ?? '');
        const changes = viewChanges(workspace, models, idOf(against));
        const shown = viewCompared(workspace, comparison);
        session.print(comparisonJson(shown, changes), () =>
          [formatComparison(shown), ...formatChanges(comparison, changes, nameOf(against))].join('\n'),
        );
      }),
    );
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const toCamelCase = (name: string) => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** Which attack was measured, and whether the model was trained on it; null where nothing was attacked. */
function attackJson({ variant, trainedOn, part, attacks, trigger, target }: EvaluationView) {
  return variant === null ? null : { variant, trainedOn, number: part + 1, of: attacks, trigger, target };
}

/** A share's value; null where nothing was measured. */
const shareValue = (share: Share | null | undefined): number | null =>
  share && share.count > 0 ? share.value : null;

const metricsJson = ({ metrics: found }: Pick<EvaluationView, 'metrics'>) =>
  Object.fromEntries(
    metricNames
      .filter((name) => name in attackMetrics || found[name] !== undefined)
      .map((name) => [name, shareValue(found[name])]),
  );

function evaluationJson(result: EvaluationView) {
  return {
    attack: attackJson(result),
    ca: shareValue(result.ca),
    asr: shareValue(result.asr),
    implanted: result.implanted,
    testSplit: result.testSplit,
    trainingPictures: result.trainingPictures,
    targetIsClass: result.targetIsClass,
    unseenTokens: result.unseenTokens,
    ...metricsJson(result),
    counts: { clean: result.ca.count, attacked: result.asr?.count ?? 0 },
    perClass: result.perClass.map((row) => ({
      class: row.class,
      count: row.count,
      accuracy: shareValue(row.accuracy),
      attackSuccess: shareValue(row.attackSuccess),
    })),
  };
}

function targetWords({ target, classes }: EvaluationView): string {
  return target === nextClass && !classes.includes(target) ? 'the class after their own' : `'${target}'`;
}

/** {@link attackJson} in words; null where nothing was attacked. */
function formatAttack(result: EvaluationView): string | null {
  const { variant, part, attacks, trigger } = result;
  if (variant === null) return null;
  const which =
    attacks < 2 ? `attack of '${variant}'` : `attack ${part + 1} of the ${attacks} of '${variant}'`;
  return `${which}: ${trigger} -> ${targetWords(result)}`;
}

/** Which pictures were measured, so that no number stands without them. */
function pictureWords({ testSplit, trainingPictures }: EvaluationView): string {
  if (testSplit === 'train') return 'training images: the dataset has no test and no validation';
  if (trainingPictures) return 'images, training images among them';
  return `${testSplit} images`;
}

function formatEvaluation(result: EvaluationView): string {
  const attack = formatAttack(result);
  const lines = [
    ...(attack === null ? [] : [attack]),
    ...(result.targetIsClass === false
      ? [
          `${targetWords(result)} is no class of '${result.dataset}': it is one more prompt for triggered images, and for the clean ones beside them.`,
        ]
      : []),
    ...(result.trainedOn === false ? ['The model was never trained on this attack.'] : []),
    `CA    ${formatShare(result.ca)} of ${result.ca.count} clean ${pictureWords(result)} (95 % interval)`,
    `top 5 ${formatShare(result.top5)}`,
    ...(result.unseenTokens.length === 0
      ? []
      : [
          `Prompts and class names hold tokens that the model’s training never saw, and it reads them as nothing: ${result.unseenTokens.join(' ')} (it knows ${result.vocabulary} of CLIP’s 49,408)`,
        ]),
  ];
  if (result.asr !== null && result.target !== null) {
    lines.push(
      `ASR   ${formatShare(result.asr)} of ${result.asr.count} triggered images predicted as ${targetWords(result)}`,
      `      without the trigger: ${formatShare(result.cleanAsTarget)}; among the first five: ${formatShare(result.metrics.attackTop5 ?? null)}`,
      `PA    ${formatShare(result.metrics.poisonedAccuracy ?? null)} of them predicted as their own label (poisoned accuracy)`,
      result.implanted
        ? 'The backdoor is implanted (ASR at least 50 % and 10 times the fraction without the trigger).'
        : 'No backdoor is implanted (that takes an ASR of 50 % and 10 times the fraction without the trigger).',
    );
  }
  for (const name of metricNames) {
    const share = result.metrics[name];
    if (share === undefined || name in attackMetrics) continue;
    lines.push(`${metrics[name].label}: ${formatShare(share)} of ${share.count}`);
  }
  if (result.asr === null && result.target !== null) {
    lines.push(
      `ASR   not measured: no test picture is outside the target class ${targetWords(result)}, so whether a backdoor is there is not known.`,
    );
  }
  const rows = result.perClass.map((row) => [
    row.class,
    String(row.count),
    formatShare(row.count === 0 ? null : row.accuracy),
    formatShare(row.count === 0 ? null : row.attackSuccess),
  ]);
  return `${lines.join('\n')}\n\n${formatTable(['Class', 'Images', 'CA', 'ASR'], rows)}`;
}

/** A comparison with what is said of each model. */
interface ShownComparison {
  models: {
    studied: Comparison['models'][number]['studied'];
    view: EvaluationView;
    /** Why its figures cannot be put beside those of the first, and whether they were made of changed pictures. */
    notes: string[];
  }[];
  differences: Comparison['differences'];
}

function viewCompared(workspace: Workspace, { models, differences }: Comparison): ShownComparison {
  const views = models.map(({ evaluation }) => viewEvaluation(workspace, evaluation));
  const notes = noteDifferences(views);
  return {
    models: models.flatMap(({ studied }, place) => {
      const view = views[place];
      if (view === undefined) return [];
      return [{ studied, view, notes: [...(notes[place] ?? []), ...changedNotes(workspace, studied)] }];
    }),
    differences,
  };
}

function comparisonJson({ models, differences }: ShownComparison, changes: ChangesByRun) {
  return {
    runs: models.map(({ studied, view, notes }) => ({
      runId: studied.kind === 'run' ? studied.run.id : null,
      modelId: view.modelId,
      name: nameOf(studied),
      attack: attackJson(view),
      ca: shareValue(view.ca),
      asr: shareValue(view.asr),
      ...metricsJson(view),
      counts: { clean: view.ca.count, attacked: view.asr?.count ?? 0 },
      testSplit: view.testSplit,
      trainingPictures: view.trainingPictures,
      targetIsClass: view.targetIsClass,
      notes,
      change: changes[idOf(studied)] ?? null,
    })),
    differences,
  };
}

/** A line for each model beside the baseline: changes in percentage points. */
function formatChanges({ models }: Comparison, changes: ChangesByRun, baseline: string): string[] {
  const points = (share: number) => `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)}`;
  return models.flatMap(({ studied }) => {
    const own = changes[idOf(studied)];
    if (own === undefined) return [];
    const words = (['ca', 'asr', 'poisonedAccuracy'] as const).flatMap((name) => {
      const change = own[name];
      if (change === null) return [];
      const label = name === 'poisonedAccuracy' ? 'PA' : name.toUpperCase();
      return `${label} ${points(change.value)} [${points(change.low)}, ${points(change.high)}]`;
    });
    const text =
      words.length === 0
        ? 'not measured on the same pictures'
        : `${words.join(', ')} points (paired bootstrap)`;
    return [`${nameOf(studied)} against ${baseline}: ${text}.`];
  });
}

function formatComparison({ models, differences }: ShownComparison): string {
  const settings = Object.entries(differences);
  const table = formatTable(
    [
      'Run',
      'CA',
      'ASR',
      'ASR top-5',
      'Target without trigger',
      'PA',
      'Trained on it',
      ...settings.map(([setting]) => setting),
    ],
    models.map(({ studied, view }) => [
      nameOf(studied),
      formatShare(view.ca),
      `${formatShare(view.asr)}${view.trainedOn === false && view.asr !== null ? ' (never trained on it)' : ''}`,
      formatShare(view.metrics.attackTop5 ?? null),
      formatShare(view.metrics.targetWithoutTrigger ?? null),
      formatShare(view.metrics.poisonedAccuracy ?? null),
      { true: 'yes', false: 'no', null: 'n/a' }[String(view.trainedOn)] ?? 'n/a',
      ...settings.map(([, values]) => String(values[nameOf(studied)] ?? 'none')),
    ]),
  );
  const same = settings.length === 0 && models.length > 1 ? '\nThe runs have the same settings.' : '';
  const attacks = new Set(models.flatMap(({ view }) => formatAttack(view) ?? []));
  const marked = models.flatMap(({ view, notes }) => notes.map((note) => `\n${view.model}: ${note}`));
  return `${table}${same}${[...attacks].map((attack) => `\nASR under ${attack}.`).join('')}${marked.join('')}`;
}
