import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Sweep } from '#contract/sweep.ts';
import { withEngines } from '#main/workbench/engine/queue.ts';
import { runRemoteSweep } from '#main/workbench/sweeps/remote/run-remote-sweep.ts';
import { runSweep } from '#main/workbench/sweeps/run-sweep.ts';
import { createSweep, findSweepByFile, readSweepFile, showSweep } from '#main/workbench/sweeps/sweeps.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import { addDeviceOption } from '../../options.ts';
import { runContext } from '../../run-output.ts';
import { withWorkspace } from '../../session.ts';
import { addMachineOptions, chosenCluster, type MachineOptions } from './sweep-machines.ts';
import { printSweep } from './sweep-output.ts';

/** `sweep run`: here, or on other machines. */
export function addSweepRun(sweeps: Command): void {
  const command = sweeps
    .command('run')
    .description('make the runs that are not done yet; Ctrl-C pauses, the same command goes on')
    .argument('<sweep>', 'name or id; or a sweep file, which is planned first');
  addDeviceOption(addMachineOptions(command))
    .addHelpText(
      'after',
      '\nExamples:\n  ccw sweep run lambdas\n  ccw sweep run lambdas.json\n  ccw sweep run lambdas.json --on ray --address 10.0.0.1:6379 --gpus 1\n  ccw sweep run lambdas.json --on slurm --partition gpu --gpus 1',
    )
    .action((reference: string, options: MachineOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const cluster = chosenCluster(options);
        const sweep = await findOrPlan(workspace, reference);
        const context = runContext(session);
        session.event({ event: 'sweep', sweepId: sweep.id });
        const done = await withEngines(workspace, context, (engine) => {
          const maker = { workspace, engine, context };
          if (cluster === null) return runSweep(maker, sweep.id, () => {});
          const { shared = join(workspace.folder, 'remote'), keep = 'last' } = options;
          return runRemoteSweep(maker, { sweepId: sweep.id, cluster, sharedFolder: shared, keep });
        });
        printSweep(session, workspace, done);
        if (done.state === 'failed') process.exitCode = 1;
      }),
    );
}

/** A sweep by its name; of a file the one that was planned from it before, so that the same command goes on. */
async function findOrPlan(workspace: Workspace, reference: string): Promise<Sweep> {
  if (!existsSync(reference)) return showSweep(workspace, reference);
  const file = await readSweepFile(reference);
  return findSweepByFile(workspace, file) ?? createSweep(workspace, file);
}
