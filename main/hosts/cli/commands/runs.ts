import type { Command } from 'commander';
import { methodWords } from '#core/run-words.ts';
import { describeRun, type RunDescription, resumeRun, showRuns } from '#main/workbench/runs/runs.ts';
import { queryRuns } from '#main/workbench/runs/table/query-runs.ts';
import { createRunRows } from '#main/workbench/runs/table/run-rows.ts';
import { changeTags } from '#main/workbench/runs/table/run-tags.ts';
import { addDeviceOption } from '../options.ts';
import { printRunReport, runContext } from '../run-output.ts';
import { withWorkspace } from '../session.ts';
import { formatSeconds } from '../tables.ts';
import { addRunExport } from './run-files.ts';
import { printRuns, runJson } from './run-list-output.ts';

export function addRunsCommands(program: Command): void {
  const runs = program.command('runs').description('look at runs and go on with interrupted ones');

  runs
    .command('list')
    .description('list runs with their settings, data, attack and results, oldest first')
    .option(
      '--filter <conditions>',
      'only runs that meet all of these: "lambda >= 2 asr < 10 method:cleanclip -tag:old words"; fractions in per cent',
    )
    .option(
      '--group <column>',
      'one row for each value, with mean, interval and count (may be given several times)',
      (text: string, before: string[] = []) => [...before, text],
    )
    .option('--sort <column>', 'by this column; a minus in front: descending')
    .addHelpText(
      'after',
      '\nExamples:\n  ccw runs list --json\n  ccw runs list --filter "method:cleanclip asr < 10" --group lambda',
    )
    .action((options: ListOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { filter = '', group = [], sort } = options;
        const all = showRuns(workspace);
        const answer = queryRuns(createRunRows(workspace)(), {
          filter,
          archived: null,
          group,
          sort:
            sort === undefined ? null : { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') },
        });
        printRuns(session, all, answer);
      }),
    );

  runs
    .command('tag')
    .description('give a run tags, which filters find (tag:WORD), or take them from it')
    .argument('<run>', 'name or id')
    .option('--add <tag...>', 'tags to give')
    .option('--remove <tag...>', 'tags to take')
    .addHelpText('after', '\nExample:\n  ccw runs tag emoji-patch-fruit-400-train --add paper')
    .action((nameOrId: string, options: { add?: string[]; remove?: string[] }, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { run } = describeRun(workspace, nameOrId);
        const [tags = []] = changeTags(workspace, [run], {
          add: options.add ?? [],
          remove: options.remove ?? [],
        });
        session.print(
          { runId: run.id, tags },
          () => `Run '${run.name}' has ${tags.join(', ') || 'no tags'}.`,
        );
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
        const json = { ...runJson(description.run), config, leftOut };
        session.print(json, () => formatRun(description));
      }),
    );

  addRunExport(runs);

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

interface ListOptions {
  filter?: string;
  group?: string[];
  sort?: string;
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
    ['changed pictures', run.config.data.changedPictures === 'list' ? 'are listed' : 'stop the run'],
    ['seed', String(run.config.seed)],
    ...Object.entries(run.environment ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}
