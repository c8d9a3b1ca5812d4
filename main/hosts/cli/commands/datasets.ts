import type { Command } from 'commander';
import type { Dataset } from '#contract/dataset.ts';
import { type DatasetDescription, describeDataset, showDatasets } from '#main/workbench/datasets/datasets.ts';
import { addEmojiDataset } from '#main/workbench/datasets/emoji.ts';
import { type Session, withWorkspace } from '../session.ts';
import { formatTable } from '../tables.ts';
import { addChangeCommands } from './dataset-change.ts';
import { addExportCommand } from './dataset-export.ts';
import { addImportCommands } from './dataset-import.ts';
import { addKeepCommands } from './dataset-keep.ts';

export function addDatasetCommands(program: Command): void {
  const datasets = program
    .command('dataset')
    .description('import, list, check and remove datasets of pictures with captions');

  addImportCommands(datasets);
  addKeepCommands(datasets);
  addChangeCommands(datasets);
  addExportCommand(datasets);

  datasets
    .command('add')
    .description('make a dataset that the workbench knows how to get')
    .command('emoji')
    .description(
      'pictures of the emoji of Noto and Twemoji with their names (fetched once with npm, 45 classes)',
    )
    .addHelpText('after', '\nExample:\n  ccw dataset add emoji')
    .action((_options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const dataset = await addEmojiDataset(workspace, session.context);
        session.print(
          {
            datasetId: dataset.id,
            records: dataset.records,
            skipped: [],
            skippedTotal: 0,
            skippedReasons: {},
          },
          () => tellMade(dataset),
        );
      }),
    );

  datasets
    .command('list')
    .description('list all datasets, oldest first')
    .addHelpText('after', '\nExample:\n  ccw dataset list')
    .action((_options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        printDatasets(session, showDatasets(workspace));
      }),
    );

  datasets
    .command('show')
    .description('show one dataset: splits, classes, prompts, where it came from')
    .argument('<dataset>', 'name or id')
    .addHelpText('after', '\nExample:\n  ccw dataset show emoji')
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const description = describeDataset(workspace, nameOrId);
        const { dataset, splits, notes } = description;
        session.print({ ...toJson(dataset), ...detailsOf(dataset), splits, notes }, () =>
          formatDataset(description),
        );
      }),
    );
}

function toJson({ id, name, records, pictures, classes, unchecked }: Dataset) {
  return { datasetId: id, name, records, pictures, classes, ...(unchecked ? { unchecked } : {}) };
}

function detailsOf({ prompts, captionTemplates, source, root, createdAt }: Dataset) {
  return { prompts, captionTemplates, source, root, createdAt };
}

function tellMade({ name, id, records, classes }: Dataset): string {
  return `Dataset '${name}' (${id}): ${records} pictures, ${classes.length} classes.`;
}

function printDatasets(session: Session, datasets: readonly Dataset[]): void {
  session.print(datasets.map(toJson), () =>
    datasets.length === 0
      ? 'There are no datasets yet: ccw dataset import PATH --name N, or ccw dataset add emoji.'
      : formatTable(
          ['Dataset', 'Pictures', 'Classes', 'From', 'Id'],
          datasets.map(({ name, records, classes, source, id, unchecked }) => [
            name,
            unchecked ? `${records}, not looked at` : String(records),
            String(classes.length),
            source.kind,
            id,
          ]),
        ),
  );
}

function formatDataset({ dataset, splits, notes }: DatasetDescription): string {
  const source =
    dataset.source.kind === 'emoji' ? 'emoji packages' : `${dataset.source.kind} ${dataset.source.path}`;
  return [
    `Dataset '${dataset.name}' (${dataset.id}) from ${source}, made ${dataset.createdAt}.`,
    `${dataset.pictures} pictures; pairs: ${splits.train} train, ${splits.validation} validation, ${splits.test} test; under ${dataset.root}.`,
    `Classes (${dataset.classes.length}): ${dataset.classes.join(', ') || 'none'}.`,
    `Prompts: ${dataset.prompts.join(' | ')}`,
    `Caption templates for poison: ${dataset.captionTemplates.join(' | ')}`,
    ...notes.map(({ message }) => `Note: ${message}`),
  ].join('\n');
}
