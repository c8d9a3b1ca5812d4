import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ImportNote } from '#contract/import.ts';
import { editClasses } from '#main/workbench/datasets/changing/edit-classes.ts';
import { type PlannedClass, planClasses } from '#main/workbench/datasets/changing/plan-classes.ts';
import { type RefreshOutcome, refreshDataset } from '#main/workbench/datasets/changing/refresh-dataset.ts';
import { listSkipped } from '#main/workbench/datasets/skipped-rows.ts';
import { UsageError } from '../options.ts';
import { withWorkspace } from '../session.ts';

interface ClassesOptions {
  rename: Record<string, string>;
  names?: string;
  tidyClasses: boolean;
  as?: string;
  preview: boolean;
}

/** Classes and rows that are shown as text; --json has all. */
const shown = 40;

/** `dataset classes` and `refresh`: what changes a dataset after its import. */
export function addChangeCommands(datasets: Command): void {
  datasets
    .command('classes')
    .description('show the classes of a dataset with their prompts, or give them other names')
    .argument('<dataset>', 'name or id')
    .option(
      '--rename <old=new>',
      'a class and its new name; several times for several; two with one name become one class',
      addRename,
      {},
    )
    .option('--names <file>', 'class ids with names, one a line: n01440764 tench')
    .option('--tidy-classes', "make 'Black footed Albatross' of '001.Black_footed_Albatross'", false)
    .option('--as <name>', 'leave the dataset as it is, and make a new one with these names')
    .option('--preview', 'show what the classes and prompts would be, and change nothing', false)
    .addHelpText(
      'after',
      '\nExamples:\n  ccw dataset classes inet\n  ccw dataset classes inet --names synset_words.txt\n  ccw dataset classes birds --tidy-classes --rename crane=bird --as birds-tidy',
    )
    .action((nameOrId: string, options: ClassesOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { rename, names, tidyClasses: tidy, as, preview } = options;
        const namesFile = names === undefined ? undefined : resolve(names);
        const edits = { rename, namesFile, tidy };
        const asked = namesFile !== undefined || tidy || Object.keys(rename).length > 0;
        if (as !== undefined && !asked) throw new UsageError('Give --as together with the new names.');
        if (!asked || preview) {
          const { dataset, classes, notes } = await planClasses(workspace, nameOrId, edits);
          const changed = classes.filter(({ was, name }) => was !== name).length;
          session.print({ datasetId: dataset.id, classes, changed, captions: 0, notes }, () =>
            formatClasses(classes, notes),
          );
          return;
        }
        const { dataset, classes, changed, captions, notes } = await editClasses(
          workspace,
          nameOrId,
          edits,
          as,
        );
        session.print({ datasetId: dataset.id, classes, changed, captions, notes }, () =>
          [
            `Dataset '${dataset.name}': ${changed} classes have another name; ${captions} captions that were made from a class are made anew.`,
            formatClasses(classes, notes),
          ].join('\n'),
        );
      }),
    );

  datasets
    .command('refresh')
    .description("read a dataset's source again: add what is new, mark what is gone or changed")
    .argument('<dataset>', 'name or id')
    .addHelpText(
      'after',
      '\nNothing is added to a dataset that variants, runs or evaluations use.\n\nExample:\n  ccw dataset refresh pairs',
    )
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const outcome = await refreshDataset(workspace, nameOrId, session.context);
        const { dataset, skipped, ...found } = outcome;
        const { id: datasetId, records, pictures } = dataset;
        session.print({ datasetId, records, pictures, ...found, skipped: skipped.rows }, () =>
          formatRefresh(outcome),
        );
      }),
    );
}

/** The last `=` parts old from new: names seldom have one. */
function addRename(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.lastIndexOf('=');
  if (at < 1)
    throw new UsageError(`--rename takes OLD=NEW, for instance n01440764=tench; '${text}' has no '='.`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function formatClasses(classes: readonly PlannedClass[], notes: readonly ImportNote[]): string {
  const lines = classes
    .slice(0, shown)
    .map(
      ({ was, name, records, prompt }) =>
        `  ${was === name ? name : `${was} -> ${name}`} (${records}): ${prompt}`,
    );
  return [
    ...lines,
    ...(classes.length > shown ? [`  and ${classes.length - shown} more (--json)`] : []),
    ...(classes.length === 0 ? ['It has no classes.'] : []),
    ...notes.map(({ message }) => `Note: ${message}`),
  ].join('\n');
}

function formatRefresh({
  dataset,
  added,
  notAdded,
  gone,
  missing,
  changed,
  skipped,
  notes,
}: RefreshOutcome): string {
  return [
    `Dataset '${dataset.name}' has ${dataset.records} pairs: ${added} are new; ${gone} are no longer in its source, ${missing} miss their picture and ${changed} have another one, which is marked.`,
    ...(notAdded > 0
      ? [
          `${notAdded} new pairs were not added, since variants, runs or evaluations use it: import the source under another name to have them.`,
        ]
      : []),
    ...notes.map(({ message }) => `Note: ${message}`),
    ...(skipped.total > 0
      ? [`${skipped.total} left out:`, ...listSkipped(skipped.rows, shown, skipped.total)]
      : []),
  ].join('\n');
}
