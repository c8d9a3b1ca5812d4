import { type Command, Option } from 'commander';
import { type DuplicateAction, duplicateActions } from '#contract/duplicates.ts';
import { changePrompts, describeDataset, removeDataset } from '#main/workbench/datasets/datasets.ts';
import {
  type Duplicates,
  resolveDuplicates,
  seekDuplicates,
  viewDuplicates,
} from '#main/workbench/datasets/duplicates/duplicates.ts';
import { type CheckOutcome, checkPictures } from '#main/workbench/datasets/keeping/check-pictures.ts';
import { type RelocateOutcome, relocateDataset } from '#main/workbench/datasets/keeping/relocate-dataset.ts';
import { promptWords, readPrompts, UsageError } from '../options.ts';
import { withWorkspace } from '../session.ts';

/** Pictures and groups that are listed as text; --json has a thousand. */
const shown = 20;
const mostGroups = 1000;

/** `dataset verify`, `relocate`, `remove`, `prompts` and `duplicates`: what keeps a dataset trustworthy. */
export function addKeepCommands(datasets: Command): void {
  datasets
    .command('verify')
    .description(
      'compare every picture with what was imported, or look at it for the first time where the import did not',
    )
    .argument('<dataset>', 'name or id')
    .addHelpText(
      'after',
      '\nExits with 1 where a picture is missing or changed.\n\nExample:\n  ccw dataset verify pairs',
    )
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { dataset } = describeDataset(workspace, nameOrId);
        const { checked, missing, changed, found } = await checkPictures(
          workspace,
          nameOrId,
          session.context,
        );
        const ok = found.length === 0;
        session.print({ datasetId: dataset.id, ok, checked, missing, changed, records: found }, () =>
          formatCheck(dataset.name, { checked, missing, changed, found }),
        );
        if (!ok) process.exitCode = 1;
      }),
    );

  datasets
    .command('relocate')
    .description('say where the pictures of a dataset are now; they are known by their pixels')
    .argument('<dataset>', 'name or id')
    .argument('<root>', 'the folder that they are in now')
    .option('--yes', 'relocate it too where some are not there; they are marked', false)
    .addHelpText('after', '\nExample:\n  ccw dataset relocate pairs /mnt/data/pairs')
    .action((dataset: string, root: string, { yes }: { yes: boolean }, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const outcome = await relocateDataset(workspace, { dataset, root, partial: yes }, session.context);
        const { dataset: moved, lost, ...counts } = outcome;
        session.print({ datasetId: moved.id, root: moved.root, ...counts, records: lost }, () =>
          formatRelocation(outcome),
        );
      }),
    );

  datasets
    .command('remove')
    .description('remove a dataset that nothing uses; pictures that were imported stay where they are')
    .argument('<dataset>', 'name or id')
    .addHelpText('after', '\nExample:\n  ccw dataset remove pairs')
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { id, name, records } = describeDataset(workspace, nameOrId).dataset;
        await removeDataset(workspace, id);
        session.print(
          { datasetId: id, name, removed: true },
          () => `Dataset '${name}' with ${records} pairs is removed.`,
        );
      }),
    );

  datasets
    .command('prompts')
    .description('show the prompts that models are measured with on a dataset, or change them')
    .argument('<dataset>', 'name or id')
    .argument('[set]', promptWords)
    .addHelpText('after', '\nExamples:\n  ccw dataset prompts pairs\n  ccw dataset prompts pairs imagenet-80')
    .action((nameOrId: string, set: string | undefined, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { dataset } = describeDataset(workspace, nameOrId);
        const { prompts } =
          set === undefined ? dataset : changePrompts(workspace, dataset.id, readPrompts(set));
        session.print({ datasetId: dataset.id, prompts }, () => prompts.join('\n'));
      }),
    );

  datasets
    .command('duplicates')
    .description('list pictures that are the same or nearly so, and which of them are in several splits')
    .argument('<dataset>', 'name or id')
    .addOption(
      new Option(
        '--action <action>',
        'make a new dataset: leave-out keeps one picture of each group; keep-together puts each group into one split',
      ).choices(duplicateActions),
    )
    .option('--name <name>', 'the name of the new dataset')
    .addHelpText(
      'after',
      '\nExamples:\n  ccw dataset duplicates pairs\n  ccw dataset duplicates pairs --action leave-out --name pairs-once',
    )
    .action((dataset: string, { action, name }: DuplicateOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        if ((action === undefined) !== (name === undefined)) {
          throw new UsageError('Give --action and the --name of the new dataset together.');
        }
        await seekDuplicates(workspace, dataset, session.context);
        const found = viewDuplicates(workspace, dataset, { offset: 0, limit: mostGroups });
        const made =
          action === undefined || name === undefined
            ? null
            : await resolveDuplicates(workspace, { dataset, action, name });
        session.print(toJson(found, made), () => formatDuplicates(found, made));
      }),
    );
}

interface DuplicateOptions {
  action?: DuplicateAction;
  name?: string;
}

function formatCheck(name: string, { checked, missing, changed, found }: CheckOutcome): string {
  if (found.length === 0) return `Dataset '${name}': all ${checked} pairs have their pictures as imported.`;
  return [
    `Dataset '${name}': of ${checked} pairs, ${missing} miss their picture and ${changed} have another one than was imported.`,
    ...found.slice(0, shown).map(({ key, state }) => `  ${key}: ${state}`),
    ...(missing + changed > shown ? [`  and ${missing + changed - shown} more (--json)`] : []),
    'Put them back as they were, say where they are now (dataset relocate), or import again.',
  ].join('\n');
}

function formatRelocation({ dataset, found, renamed, missing, changed, lost }: RelocateOutcome): string {
  return [
    `Dataset '${dataset.name}' is at ${dataset.root}: ${found} pairs have their pictures as imported${renamed > 0 ? `, ${renamed} of them under another name` : ''}.`,
    ...(lost.length > 0 ? [`${missing} are missing and ${changed} have other pictures:`] : []),
    ...lost.slice(0, shown).map(({ key, state }) => `  ${key}: ${state}`),
  ].join('\n');
}

function toJson(
  { datasetId, counts, groups }: Duplicates,
  made: { id: string; name: string; records: number } | null,
) {
  const { exact, near } = counts;
  return {
    datasetId,
    exact,
    near,
    leaked: exact.leaked + near.leaked,
    groups: groups.map(({ kind, leak, pictures }) => ({
      kind,
      leak,
      pictures: pictures.map(({ key, split, label, sha256 }) => ({ key, split, label, sha256 })),
    })),
    ...(made === null ? {} : { newDatasetId: made.id, records: made.records }),
  };
}

function formatDuplicates(
  { counts: { exact, near }, groups }: Duplicates,
  made: { name: string; records: number } | null,
): string {
  const lines = groups.slice(0, shown).map(({ kind, leak, pictures }) => {
    const names = pictures.map(({ key, split }) => `${key} (${split})`).join(', ');
    return `  ${kind}${leak ? ', across splits' : ''}: ${names}`;
  });
  const all = exact.groups + near.groups;
  return [
    `Same pixels: ${exact.pictures} pictures in ${exact.groups} groups, ${exact.leaked} of validation or test also in train.`,
    `Nearly the same: ${near.pictures} pictures in ${near.groups} groups, ${near.leaked} of validation or test like a training picture.`,
    ...lines,
    ...(all > lines.length && lines.length === shown ? ['  and more (--json)'] : []),
    ...(made === null ? [] : [`Dataset '${made.name}' has ${made.records} pairs.`]),
  ].join('\n');
}
