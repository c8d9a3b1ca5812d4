import type { Command } from 'commander';
import { examine, formatDoctor } from '#main/workbench/doctor/doctor.ts';
import { withSession } from '../session.ts';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'check this machine: what works, what is missing and how to get it; exit code 0 if all works',
    )
    .addHelpText('after', '\nExample:\n  ccw doctor --json')
    .action((_options, command: Command) =>
      withSession(command, async (session) => {
        const report = await examine({ workspace: session.folder });
        session.print(report, () => formatDoctor(report));
        if (!report.ok) process.exitCode = 1;
      }),
    );
}
