import type { Command } from 'commander';
import { createRunRows } from '#main/workbench/runs/table/run-rows.ts';
import { previewSweep } from '#main/workbench/sweeps/preview-sweep.ts';
import { createSweepViewer } from '#main/workbench/sweeps/sweep-view.ts';
import {
  createSweep,
  extendSweep,
  readSweepFile,
  removeSweep,
  showSweep,
  showSweeps,
} from '#main/workbench/sweeps/sweeps.ts';
import { withWorkspace } from '../../session.ts';
import { formatTable } from '../../tables.ts';
import { formatPreview, printSweep, sweepJson } from './sweep-output.ts';
import { addSweepRun } from './sweep-run.ts';

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

  addSweepRun(sweeps);

  sweeps
    .command('list')
    .description('list all sweeps, oldest first')
    .addHelpText('after', '\nExample:\n  ccw sweep list')
    .action((_options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const views = showSweeps(workspace).map(createSweepViewer(workspace, createRunRows(workspace)()));
        session.print(views.map(sweepJson), () =>
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
