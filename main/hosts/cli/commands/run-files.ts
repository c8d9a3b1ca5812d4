import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { withEngines } from '#main/workbench/engine/queue.ts';
import { exportRunFile } from '#main/workbench/run-files/export-run-file.ts';
import { makeRuns } from '#main/workbench/run-files/make-chain.ts';
import { readRunFile } from '#main/workbench/run-files/read-run-file.ts';
import { showRun } from '#main/workbench/runs/runs.ts';
import { addDeviceOption } from '../options.ts';
import { printRunReport, runContext } from '../run-output.ts';
import { withWorkspace } from '../session.ts';

/** `runs export`, a command of `runs`. */
export function addRunExport(runs: Command): void {
  runs
    .command('export')
    .description('write what makes a run again, with the runs before it, as a file for ccw run')
    .argument('<run>', 'name or id')
    .requiredOption('--out <file>', 'the JSON file to write')
    .addHelpText('after', '\nExample:\n  ccw runs export demo-0-cleanclip --out cleanclip.json')
    .action((nameOrId: string, { out }: { out: string }, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const run = showRun(workspace, nameOrId);
        const file = exportRunFile(workspace, run);
        writeFileSync(out, `${JSON.stringify(file, null, 2)}\n`);
        session.print(
          { runId: run.id, out, weightsSha256: file.made?.weightsSha256 ?? null },
          () => `${out} makes run '${run.name}' again: ccw run ${out}`,
        );
      }),
    );
}

/** `run FILE`. */
export function addRunCommand(program: Command): void {
  addDeviceOption(
    program
      .command('run')
      .description('make the run of a file, or one for each of its seeds, and what must come before it')
      .argument(
        '<file>',
        'JSON with data, attack, start, method, settings and seed; comments may stand in it',
      )
      .option(
        '--once',
        'leave a run that is there already from the same settings and seed, or go on with it',
        false,
      ),
  )
    .addHelpText(
      'after',
      '\nThe same file gives the same weights on the same backend. docs/guide.md shows one.\n\nExample:\n  ccw run cleanclip.json',
    )
    .action((path: string, { once }: { once: boolean }, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const file = await readRunFile(path);
        const context = runContext(session);
        const reports = await withEngines(workspace, context, (engine) =>
          makeRuns({ workspace, engine, context }, file, { once }),
        );
        for (const report of reports) printRunReport(session, workspace, report);
        const wanted = file.made?.weightsSha256;
        const [only] = reports;
        if (wanted == null || only === undefined || reports.length > 1) return;
        session.context.reporter.say(
          only.weightsSha256 === wanted
            ? 'The weights are those of the run that the file was made from.'
            : `The weights differ from those of the run that the file was made from (${wanted}).`,
        );
      }),
    );
}
