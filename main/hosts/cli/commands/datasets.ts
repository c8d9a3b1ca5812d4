import type { Command } from 'commander';
import type { Dataset } from '#contract/dataset.ts';
import { createTally, type SkippedTally } from '#main/data/skipped-tally.ts';
import {
  type CsvColumns,
  type DatasetDescription,
  describeDataset,
  importFrom,
  showDatasets,
} from '#main/workbench/datasets/datasets.ts';
import { addEmojiDataset } from '#main/workbench/datasets/emoji.ts';
import { listSkipped } from '#main/workbench/datasets/skipped-rows.ts';
import { readLines } from '../options.ts';
import { type Session, withWorkspace } from '../session.ts';
import { formatTable } from '../tables.ts';

interface ImportOptions {
  name: string;
  templates?: string;
  prompts?: string;
  strict: boolean;
  imageColumn?: string;
  captionColumn?: string;
  labelColumn?: string;
  splitColumn?: string;
}

/** Skipped rows that are shown as text; --json has all. */
const shownSkipped = 20;

export function addDatasetCommands(program: Command): void {
  const datasets = program
    .command('dataset')
    .description('bring in pictures with captions, and look at them');

  datasets
    .command('import')
    .description('import a CSV (one picture and caption a row), or a folder with one subfolder per class')
    .argument('<path>', 'a CSV file or a folder')
    .requiredOption('--name <name>', "the dataset's name")
    .option(
      '--templates <file>',
      'folders: caption templates, one per line, with {class} or {} (default: the prompts)',
    )
    .option(
      '--prompts <file>',
      'prompts for measuring, one per line, each with {} for the class (default: "a photo of a {}.")',
    )
    .option(
      '--image-column <name>',
      'CSV: the column with paths of pictures, relative to the file (default: image)',
    )
    .option('--caption-column <name>', 'CSV: the column with captions (default: caption)')
    .option('--label-column <name>', 'CSV: the column with class names (default: label, where there is one)')
    .option(
      '--split-column <name>',
      'CSV: the column with train, validation or test (default: split, where there is one)',
    )
    .option(
      '--strict',
      'refuse the whole import where a row is bad (default: leave bad rows out and list them)',
      false,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  ccw dataset import pairs.csv --name flickr\n  ccw dataset import pets/ --name pets --templates templates.txt --strict',
    )
    .action((path: string, options: ImportOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const request = {
          path,
          name: options.name,
          templates: options.templates === undefined ? null : readLines(options.templates, 'template file'),
          prompts: options.prompts === undefined ? null : readLines(options.prompts, 'prompt file'),
          columns: pickColumns(options),
          strict: options.strict,
        };
        const { dataset, left } = await importFrom(workspace, request, session.context);
        session.print(importJson(dataset, left), () => formatImport(dataset, left));
      }),
    );

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
        session.print(importJson(dataset, createTally()), () => formatImport(dataset, createTally()));
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
        const { dataset, splits } = description;
        session.print({ ...toJson(dataset), ...detailsOf(dataset), splits }, () =>
          formatDataset(description),
        );
      }),
    );
}

function pickColumns(options: ImportOptions): CsvColumns {
  const names = ['imageColumn', 'captionColumn', 'labelColumn', 'splitColumn'] as const;
  const given = names.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}

function importJson({ id, records }: Dataset, { rows, total, reasons }: SkippedTally) {
  return { datasetId: id, records, skipped: rows, skippedTotal: total, skippedReasons: reasons };
}

function toJson({ id, name, records, classes }: Dataset) {
  return { datasetId: id, name, records, classes };
}

function detailsOf({ prompts, captionTemplates, source, root, createdAt }: Dataset) {
  return { prompts, captionTemplates, source, root, createdAt };
}

function formatImport(dataset: Dataset, { rows: skipped, total }: SkippedTally): string {
  const lines = [
    `Dataset '${dataset.name}' (${dataset.id}): ${dataset.records} pictures, ${dataset.classes.length} classes.`,
  ];
  if (skipped.length > 0) {
    lines.push(`${total} left out:`);
    lines.push(...listSkipped(skipped, shownSkipped, total));
  }
  return lines.join('\n');
}

function printDatasets(session: Session, datasets: readonly Dataset[]): void {
  session.print(datasets.map(toJson), () =>
    datasets.length === 0
      ? 'There are no datasets yet: ccw dataset import PATH --name N, or ccw dataset add emoji.'
      : formatTable(
          ['Dataset', 'Pictures', 'Classes', 'From', 'Id'],
          datasets.map(({ name, records, classes, source, id }) => [
            name,
            String(records),
            String(classes.length),
            source.kind,
            id,
          ]),
        ),
  );
}

function formatDataset({ dataset, splits }: DatasetDescription): string {
  const source =
    dataset.source.kind === 'emoji' ? 'emoji packages' : `${dataset.source.kind} ${dataset.source.path}`;
  return [
    `Dataset '${dataset.name}' (${dataset.id}) from ${source}, made ${dataset.createdAt}.`,
    `Pictures: ${splits.train} train, ${splits.validation} validation, ${splits.test} test; under ${dataset.root}.`,
    `Classes (${dataset.classes.length}): ${dataset.classes.join(', ') || 'none'}.`,
    `Prompts: ${dataset.prompts.join(' | ')}`,
    `Caption templates for poison: ${dataset.captionTemplates.join(' | ')}`,
  ].join('\n');
}
