import type { Command } from 'commander';
import type { Run } from '#contract/run.ts';
import { methodWords } from '#core/run-words.ts';
import { describeRun, type RunDescription, resumeRun, showRuns } from '#main/workbench/runs/runs.ts';
import { addDeviceOption } from '../options.ts';
import { printRunReport, runContext } from '../run-output.ts';
import { withWorkspace } from '../session.ts';
import { formatSeconds, formatTable } from '../tables.ts';

export function addRunsCommands(program: Command): void {
  const runs = program.command('runs').description('look at runs and go on with interrupted ones');

  runs
    .command('list')
    .description('list all runs, oldest first')
    .addHelpText('after', '\nExample:\n  ccw runs list --json')
    .action((_options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const all = showRuns(workspace);
        session.print(all.map(toJson), () => formatRuns(all));
      }),
    );

  runs
    .command('show')
    .description('show one run with its settings')
    .argument('<run>', 'name or id')
    .addHelpText('after', '\nExample:\n  ccw runs show emoji-patch-fruit-400-train')
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const description = describeRun(workspace, nameOrId);
        const { config, leftOut } = description.run;
        const json = { ...toJson(description.run), config, leftOut };
        session.print(json, () => formatRun(description));
      }),
    );

  addDeviceOption(
    runs
      .command('resume')
      .description('go on with an interrupted or failed run from its latest checkpoint')
      .argument('<run>', 'name or id')
      .addHelpText('after', '\nExample:\n  ccw runs resume emoji-patch-fruit-400-train'),
  ).action((nameOrId: string, _options, command: Command) =>
    withWorkspace(command, async (session, workspace) => {
      const report = await resumeRun(workspace, nameOrId, runContext(session));
      printRunReport(session, workspace, report);
    }),
  );
}

function toJson({ id, name, config, state, step, totalSteps, parentModelId, modelId }: Run) {
  return { runId: id, name, kind: kindOf(config), state, step, totalSteps, parentModelId, modelId };
}

/** Method and start in one word, as versions before methods had starts of their own said it. */
function kindOf({ method, start }: Run['config']): string {
  return start.kind === 'scratch' ? 'train' : method;
}

function formatRuns(runs: readonly Run[]): string {
  if (runs.length === 0)
    return 'There are no runs yet: start one with ccw train, or all of it with ccw demo.';
  return formatTable(
    ['Run', 'Method', 'State', 'Step', 'Of', 'Time', 'Id'],
    runs.map((run) => [
      run.name,
      methodWords(run.config),
      run.state,
      String(run.step),
      String(run.totalSteps),
      formatSeconds(run.seconds),
      run.id,
    ]),
  );
}

function formatRun({ run, dataset, variant, parent }: RunDescription): string {
  const { selection } = run.config.data;
  const lines: [string, string][] = [
    ['run', `${run.name} (${run.id})`],
    ['state', run.message === null ? run.state : `${run.state}: ${run.message}`],
    ['step', `${run.step} of ${run.totalSteps}`],
    ['time', formatSeconds(run.seconds)],
    ['dataset', dataset],
    ['variant', variant ?? 'none (clean data)'],
    ['parent model', parent ?? 'none (from scratch)'],
    ['model', run.modelId ?? 'none yet'],
    ['method', methodWords(run.config)],
    ['architecture', run.architecture],
    ...Object.entries(run.config.settings).map(([name, value]): [string, string] => [name, String(value)]),
    ['fraction', String(selection.fraction)],
    ['left out', selection.withoutPoisoned ? `${run.leftOut} records that were poisoned before` : 'none'],
    ['seed', String(run.config.seed)],
    ...Object.entries(run.environment ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}
