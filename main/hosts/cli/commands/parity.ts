import type { Command } from 'commander';
import type { ParityReport } from '#contract/engine.ts';
import { checkParity } from '#main/workbench/doctor/parity.ts';
import { addDeviceOption } from '../options.ts';
import { withWorkspace } from '../session.ts';
import { formatTable } from '../tables.ts';

export function addParityCommand(program: Command): void {
  const command = program
    .command('parity')
    .description(
      'check the engine against figures of the reference implementation; exit code 0 only where all hold',
    )
    .requiredOption('--fixtures <folder>', 'a folder laid out as tests/fixtures/reference');
  addDeviceOption(command)
    .addHelpText('after', '\nExample:\n  ccw parity --fixtures tests/fixtures/reference')
    .action(({ fixtures }: { fixtures: string }, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const report = await checkParity(workspace, fixtures, session.context);
        session.print(report, () => formatParity(report));
        if (!report.ok) process.exitCode = 1;
      }),
    );
}

function formatParity({ checks, notCovered, ok }: ParityReport): string {
  const rows = checks.map((check) => [
    check.name,
    check.error.toExponential(2),
    check.tolerance.toExponential(2),
    check.ok ? 'ok' : `FAILS${check.message === undefined ? '' : `: ${check.message}`}`,
  ]);
  return [
    formatTable(['Check', 'Error', 'Tolerance', 'Result'], rows),
    '',
    notCovered.length === 0 ? 'Every part is covered.' : `Not covered yet: ${notCovered.join(', ')}.`,
    ok ? 'All checks hold.' : 'Not all checks hold.',
  ].join('\n');
}
