import type { Command } from 'commander';
import { listMethodSchemas } from '#main/workbench/runs/run-methods.ts';
import { withSession } from '../session.ts';
import { formatTable } from '../tables.ts';

export function addMethodsCommand(program: Command): void {
  program
    .command('methods')
    .description('list the methods of training and repair, and their presets with the source of each')
    .addHelpText(
      'after',
      '\nA preset goes to ccw train or ccw defend as --preset NAME; --json lists its values.\n\nExample:\n  ccw methods --json',
    )
    .action((_options, command: Command) =>
      withSession(command, async (session) => {
        const all = listMethodSchemas();
        session.print(all, () =>
          [
            formatTable(
              ['Method', 'What it does'],
              all.map(({ name, summary }) => [name, summary]),
            ),
            formatTable(
              ['Method', 'Preset', 'Starts from', 'Its values come from'],
              all.flatMap(({ name, presets }) =>
                presets.map((preset) => [name, preset.name, startWords[preset.start], preset.source]),
              ),
            ),
          ].join('\n\n'),
        );
      }),
    );
}

const startWords = { scratch: 'new weights', model: 'a model' } as const;
