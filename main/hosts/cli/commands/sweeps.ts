import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { SweepView } from '#contract/api/sweeps.ts';
import type { Sweep } from '#contract/sweep.ts';
import { withEngines } from '#main/workbench/engine/queue.ts';
import { createRunRows } from '#main/workbench/runs/table/run-rows.ts';
import { previewSweep } from '#main/workbench/sweeps/preview-sweep.ts';
import { runSweep } from '#main/workbench/sweeps/run-sweep.ts';
import { viewSweep } from '#main/workbench/sweeps/sweep-view.ts';
import {
  createSweep,
  extendSweep,
  findSweepByFile,
  readSweepFile,
  removeSweep,
  showSweep,
  showSweeps,
} from '#main/workbench/sweeps/sweeps.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import { addDeviceOption } from '../options.ts';
import { runContext } from '../run-output.ts';
import { type Session, withWorkspace } from '../session.ts';
import { formatPercent, formatSeconds, formatTable } from '../tables.ts';

export function addSweepCommands(program: Command): void {
  const sweeps = program.command('sweep').description('many runs from one file: what varies, over seeds');

  sweeps
    .command('create')
    .description('plan the runs of a sweep file; none is made yet')
    .argument('<file>', 'JSON with run, vary and plan; comments may stand in it')
    .option('--preview', 'say what it would make, with time and disk, and plan nothing', false)
    .addHelpText('after', '\nExample:\n  ccw sweep create lambdas.json --json')
    .action((path: string, { preview }: { preview: boolean }, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const file = await readSweepFile(path);
        if (preview) {
          const found = previewSweep(workspace, file);
          session.print(found, () => formatPreview(found));
          return;
        }
        printSweep(session, workspace, createSweep(workspace, file));
      }),
    );

  addDeviceOption(
    sweeps
      .command('run')
      .description('make the runs that are not done yet; Ctrl-C pauses, the same command goes on')
      .argument('<sweep>', 'name or id; or a sweep file, which is planned first'),
  )
    .addHelpText('after', '\nExamples:\n  ccw sweep run lambdas\n  ccw sweep run lambdas.json')
    .action((reference: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const sweep = await findOrPlan(workspace, reference);
        const context = runContext(session);
        session.event({ event: 'sweep', sweepId: sweep.id });
        const done = await withEngines(workspace, context, (engine) =>
          runSweep({ workspace, engine, context }, sweep.id, () => {}),
        );
        printSweep(session, workspace, done);
      }),
    );

  sweeps
    .command('list')
    .description('list all sweeps, oldest first')
    .addHelpText('after', '\nExample:\n  ccw sweep list')
    .action((_options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const rows = createRunRows(workspace)();
        const views = showSweeps(workspace).map((sweep) => viewSweep(workspace, sweep, rows));
        session.print(views.map(toJson), () =>
          views.length === 0
            ? 'There are no sweeps yet: plan one with ccw sweep create.'
            : formatTable(
                ['Sweep', 'State', 'Runs', 'Done', 'Id'],
                views.map(({ name, state, runs, sweepId }) => [
                  name,
                  state,
                  String(runs.length),
                  String(runs.filter((run) => run.state === 'done').length),
                  sweepId,
                ]),
              ),
        );
      }),
    );

  sweeps
    .command('show')
    .description('show a sweep with its runs, and the best of them by its rule')
    .argument('<sweep>', 'name or id')
    .addHelpText('after', '\nExample:\n  ccw sweep show lambdas --json')
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        printSweep(session, workspace, showSweep(workspace, nameOrId));
      }),
    );

  sweeps
    .command('extend')
    .description('add the runs of another file that a sweep does not have yet')
    .argument('<sweep>', 'name or id')
    .argument('<file>', 'a sweep file')
    .addHelpText('after', '\nExample:\n  ccw sweep extend lambdas more-seeds.json')
    .action((nameOrId: string, path: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { sweep, added } = extendSweep(workspace, nameOrId, await readSweepFile(path));
        session.context.reporter.say(`${added} runs were added.`);
        printSweep(session, workspace, sweep);
      }),
    );

  sweeps
    .command('remove')
    .description('forget a sweep; its runs stay')
    .argument('<sweep>', 'name or id')
    .addHelpText('after', '\nExample:\n  ccw sweep remove lambdas')
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { id, name } = removeSweep(workspace, nameOrId);
        session.print({ sweepId: id, name }, () => `Sweep '${name}' is forgotten; its runs are still there.`);
      }),
    );
}

/** A sweep by its name; of a file the one that was planned from it before, so that the same command goes on. */
async function findOrPlan(workspace: Workspace, reference: string): Promise<Sweep> {
  if (!existsSync(reference)) return showSweep(workspace, reference);
  const file = await readSweepFile(reference);
  return findSweepByFile(workspace, file) ?? createSweep(workspace, file);
}

function printSweep(session: Session, workspace: Workspace, sweep: Sweep): void {
  const view = viewSweep(workspace, sweep, createRunRows(workspace)());
  session.print(toJson(view), () => formatSweep(view));
}

function toJson({ sweepId, name, state, runs, best }: SweepView) {
  return { sweepId, name, state, runs, best };
}

function formatSweep({ name, sweepId, state, runs, best }: SweepView): string {
  const varied = [...new Set(runs.flatMap((run) => Object.keys(run.varied)))];
  const done = runs.filter((run) => run.state === 'done').length;
  const words = Object.entries(best?.varied ?? {}).map(([setting, value]) => `${setting} ${value}`);
  return [
    `Sweep '${name}' (${sweepId}) is ${state}: ${done} of ${runs.length} runs are done.`,
    formatTable(
      ['Run', 'State', ...varied, 'CA', 'ASR'],
      runs.map((run) => [
        run.name ?? `(${run.place + 1})`,
        run.state,
        ...varied.map((setting) => String(run.varied[setting] ?? '-')),
        formatPercent(run.ca),
        formatPercent(run.asr),
      ]),
    ),
    ...runs.flatMap(({ place, message }) => (message === null ? [] : [`Run ${place + 1}: ${message}`])),
    ...(best === null
      ? []
      : [
          `Best: ${words.join(', ') || 'all alike'}, mean ${best.column} ${best.mean.toFixed(1)} over ${best.runIds.length} runs.`,
        ]),
  ].join('\n');
}

function formatPreview({
  runs,
  before,
  variants,
  seconds,
  diskBytes,
  problem,
}: ReturnType<typeof previewSweep>): string {
  if (problem !== null) return problem;
  const time = seconds === null ? 'an unknown time (nothing like it ran here yet)' : formatSeconds(seconds);
  return `${runs.length} runs, before them ${before} others and ${variants} variants that are not there yet; about ${time} of training and ${(diskBytes / 1e6).toFixed(0)} MB.`;
}
