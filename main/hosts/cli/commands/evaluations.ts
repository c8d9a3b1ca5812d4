import type { Command } from 'commander';
import { z } from 'zod';
import type { EvaluationView } from '#contract/api/models.ts';
import { nextClass } from '#contract/variant.ts';
import { type Comparison, compareRuns } from '#main/workbench/comparisons/comparisons.ts';
import { evaluate } from '#main/workbench/evaluations/evaluations.ts';
import { viewEvaluation } from '#main/workbench/evaluations/results.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import { addBackendOption, numberOf, UsageError } from '../options.ts';
import { withWorkspace } from '../session.ts';
import { formatShare, formatTable } from '../tables.ts';

interface EvaluateOptions {
  model: string;
  dataset?: string;
  variant?: string;
  attack?: number | 'all';
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
    );
  addBackendOption(command)
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
        const request = { model, dataset, variant, part };
        const measured = await evaluate(workspace, request, session.context);
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
    .description('put runs side by side: CA, ASR, and the settings that differ')
    .argument('<run...>', 'names or ids');
  addBackendOption(command)
    .addHelpText('after', '\nExample:\n  ccw compare demo-0-poisoned demo-0-cleanclip demo-0-control')
    .action((runs: string[], _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const comparison = await compareRuns(workspace, runs, session.context);
        session.print(comparisonJson(workspace, comparison), () => formatComparison(workspace, comparison));
      }),
    );
}

/** Which of a variant's attacks was measured, where it has several. */
function attackJson({ variant, part, attacks, trigger, target }: EvaluationView) {
  return attacks < 2 ? {} : { attack: { variant, number: part + 1, of: attacks, trigger, target } };
}

function evaluationJson(result: EvaluationView) {
  return {
    ...attackJson(result),
    ca: result.ca.value,
    asr: result.asr?.value ?? null,
    implanted: result.implanted,
    perClass: result.perClass.map((row) => ({
      class: row.class,
      count: row.count,
      accuracy: row.accuracy.value,
      attackSuccess: row.attackSuccess?.value ?? null,
    })),
  };
}

function targetWords({ target, classes }: EvaluationView): string {
  return target === nextClass && !classes.includes(target) ? 'the class after their own' : `'${target}'`;
}

/** {@link attackJson} in words; null where the variant has no other. */
function formatAttack(result: EvaluationView): string | null {
  const { variant, part, attacks, trigger } = result;
  if (attacks < 2) return null;
  return `attack ${part + 1} of the ${attacks} of '${variant}': ${trigger} -> ${targetWords(result)}`;
}

function formatEvaluation(result: EvaluationView): string {
  const attack = formatAttack(result);
  const lines = [
    ...(attack === null ? [] : [attack]),
    `CA    ${formatShare(result.ca)} of ${result.ca.count} clean test images (95 % interval)`,
    `top 5 ${formatShare(result.top5)}`,
  ];
  if (result.asr !== null && result.target !== null) {
    lines.push(
      `ASR   ${formatShare(result.asr)} of ${result.asr.count} triggered images predicted as ${targetWords(result)}`,
      `      without the trigger: ${formatShare(result.cleanAsTarget)}`,
      result.implanted
        ? 'The backdoor is implanted (ASR at least 50 % and 10 times the share without the trigger).'
        : 'No backdoor is implanted (that takes an ASR of 50 % and 10 times the share without the trigger).',
    );
  }
  const rows = result.perClass.map((row) => [
    row.class,
    String(row.count),
    formatShare(row.accuracy),
    formatShare(row.attackSuccess),
  ]);
  return `${lines.join('\n')}\n\n${formatTable(['Class', 'Images', 'CA', 'ASR'], rows)}`;
}

function comparisonJson(workspace: Workspace, { runs, differences }: Comparison) {
  return {
    runs: runs.map(({ run, evaluation }) => ({
      runId: run.id,
      name: run.name,
      ...attackJson(viewEvaluation(workspace, evaluation)),
      ca: evaluation.result.ca.value,
      asr: evaluation.result.asr?.value ?? null,
    })),
    differences,
  };
}

function formatComparison(workspace: Workspace, { runs, differences }: Comparison): string {
  const settings = Object.entries(differences);
  const table = formatTable(
    ['Run', 'CA', 'ASR', ...settings.map(([setting]) => setting)],
    runs.map(({ run, evaluation }) => [
      run.name,
      formatShare(evaluation.result.ca),
      formatShare(evaluation.result.asr),
      ...settings.map(([, values]) => String(values[run.name] ?? 'none')),
    ]),
  );
  const same = settings.length === 0 && runs.length > 1 ? '\nThe runs have the same settings.' : '';
  const attacks = new Set(
    runs.flatMap(({ evaluation }) => formatAttack(viewEvaluation(workspace, evaluation)) ?? []),
  );
  const notes = [...attacks].map((attack) => `\nASR under ${attack}.`);
  return `${table}${same}${notes.join('')}`;
}
