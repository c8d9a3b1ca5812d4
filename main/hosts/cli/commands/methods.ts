import type { Command } from 'commander';
import { listMethodSchemas } from '#main/workbench/runs/run-methods.ts';
import { withSession } from '../session.ts';
import { formatTable } from '../tables.ts';

export function addMethodsCommand(program: Command): void {
  program
    .command('methods')
    .description('list the methods of training and repair, with their settings and presets')
    .addHelpText('after', '\nExample:\n  ccw methods --json')
    .action((_options, command: Command) =>
      withSession(command, async (session) => {
        const all = listMethodSchemas();
        session.print(all, () =>
          formatTable(
            ['Method', 'What it does', 'Presets'],
            all.map(({ name, summary, presets }) => [
              name,
              summary,
              presets.map((preset) => `${preset.name} (${preset.start})`).join(', '),
            ]),
          ),
        );
      }),
    );
}
