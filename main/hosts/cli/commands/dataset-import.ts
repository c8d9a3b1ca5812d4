import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { testShareSchema } from '#contract/api/datasets.ts';
import { type FormatName, formatNames } from '#contract/import.ts';
import { classSets } from '#core/prompts/class-sets.ts';
import type { Delimiter } from '#main/data/readers/reader.ts';
import { type Recognised, readers } from '#main/data/readers/readers.ts';
import {
  type ImportOutcome,
  type ImportRequest,
  importFrom,
} from '#main/workbench/datasets/importing/import-dataset.ts';
import { previewDataset } from '#main/workbench/datasets/importing/preview-dataset.ts';
import { listSkipped } from '#main/workbench/datasets/skipped-rows.ts';
import { numberOf, promptWords, readPrompts, readTemplates } from '../options.ts';
import { withWorkspace } from '../session.ts';

interface ImportOptions {
  name?: string;
  format?: FormatName;
  delimiter?: DelimiterName;
  names?: string;
  classes?: string;
  tidyClasses: boolean;
  yes: boolean;
  templates?: string;
  prompts?: string;
  strict: boolean;
  unchecked: boolean;
  imageColumn?: string;
  captionColumn?: string;
  labelColumn?: string;
  splitColumn?: string;
  testShare?: number;
  splitSeed?: number;
}

/** Words and signs that a delimiter is given by. */
const delimiters = {
  ',': ',',
  comma: ',',
  tab: '\t',
  '\t': '\t',
  '\\t': '\t',
  ';': ';',
  semicolon: ';',
  '|': '|',
  pipe: '|',
} as const satisfies Record<string, Delimiter>;
type DelimiterName = keyof typeof delimiters;

/** Skipped rows that are shown as text; --json has all. */
const shownSkipped = 20;

export function addImportCommands(datasets: Command): void {
  const formats = formatNames.map((format) => `  ${format.padEnd(16)} ${readers[format].label}`).join('\n');
  addReadingOptions(
    datasets
      .command('import')
      .description('import pictures with captions or classes from a file or folder')
      .argument('<path>', 'a table, a JSON, Parquet or tar file, or a folder'),
  )
    .option('--name <name>', "the dataset's name (default: that of the file or folder)")
    .option(
      '--strict',
      'refuse the whole import where a row is bad (default: leave bad rows out and list them)',
      false,
    )
    .option(
      '--unchecked',
      'do not look at the pictures: whether they can be read, their sizes, hashes and duplicates are not known until `ccw dataset verify` (default: every picture is decoded)',
      false,
    )
    .option('--yes', 'where two readings are plausible, take the first', false)
    .addHelpText(
      'after',
      `\nFormats, which are recognised by what lies there:\n${formats}\n\nExamples:\n  ccw dataset import pairs.csv --name flickr\n  ccw dataset import imagenet/ --names ids-and-names.txt`,
    )
    .action((path: string, options: ImportOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const outcome = await importFrom(workspace, toRequest(path, options), session.context);
        session.print(toJson(outcome), () => format(outcome));
      }),
    );

  addReadingOptions(
    datasets
      .command('preview')
      .description('show what an import would give, and keep nothing')
      .argument('<path>', 'as for import'),
  )
    .addHelpText('after', '\nExample:\n  ccw dataset preview pairs.csv')
    .action((path: string, options: ImportOptions, command: Command) =>
      withWorkspace(command, async (session) => {
        const { readings, ...outcome } = await previewDataset(
          toRequest(path, { ...options, strict: false, unchecked: false }),
          session.context,
        );
        const ways = readings.map((one) => ({ format: one.format, fit: one.fit, why: one.why }));
        session.print({ ...toJson(outcome), datasetId: null, readings: ways }, () =>
          [...ways.map(tellReading), format(outcome)].join('\n'),
        );
      }),
    );
}

function addReadingOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how it is read (default: recognised)').choices(formatNames))
    .addOption(
      new Option(
        '--delimiter <delimiter>',
        'tables: separator of the fields (default: guessed from the header)',
      ).choices(Object.keys(delimiters)),
    )
    .option('--names <file>', 'class ids with names, one a line: n01440764 tench')
    .option(
      '--classes <file>',
      `class names in the order of their numbers: one of the sets ${Object.keys(classSets).join(', ')}, or a file with one a line, or the reference's classes.py`,
    )
    .option('--tidy-classes', "make 'Black footed Albatross' of '001.Black_footed_Albatross'", false)
    .option(
      '--templates <file>',
      'caption templates of pictures without captions: a file with one per line, with {class} or {}, or the name of a set of prompts (default: the prompts)',
    )
    .option(
      '--prompts <set>',
      `prompts for measuring: ${promptWords} (default: the caption templates, else "a photo of a {}.")`,
    )
    .option('--image-column <name>', 'tables: the column with paths of pictures (default: guessed)')
    .option('--caption-column <name>', 'tables: the column with captions (default: guessed)')
    .option('--label-column <name>', 'tables: the column with classes (default: guessed, where there is one)')
    .option('--split-column <name>', 'tables: the column with splits (default: guessed, where there is one)')
    .option(
      '--test-share <share>',
      'one folder per class: this fraction of each class becomes test pairs, for instance 0.2 (default: none)',
      numberOf(testShareSchema),
    )
    .option('--split-seed <n>', 'draws the test pairs (default: 0)', numberOf(z.number().int().min(0)));
}

function toRequest(path: string, options: ImportOptions): ImportRequest {
  const columns = ['imageColumn', 'captionColumn', 'labelColumn', 'splitColumn'] as const;
  const given = columns.filter((name) => options[name] !== undefined);
  return {
    path: resolve(path),
    name: options.name ?? null,
    format: options.format,
    namesFile: options.names,
    classesFile: options.classes,
    tidyClasses: options.tidyClasses,
    testShare: options.testShare,
    splitSeed: options.splitSeed,
    yes: options.yes,
    templates: options.templates === undefined ? null : readTemplates(options.templates),
    prompts: options.prompts === undefined ? null : readPrompts(options.prompts),
    columns: {
      ...Object.fromEntries(given.map((name) => [name, options[name]])),
      ...(options.delimiter === undefined ? {} : { delimiter: delimiters[options.delimiter] }),
    },
    strict: options.strict,
    unchecked: options.unchecked,
  };
}

function toJson({ dataset, format, splits, left, notes }: ImportOutcome) {
  const { id, records, pictures, classes, unchecked } = dataset;
  return {
    datasetId: id,
    format,
    records,
    pictures,
    ...(unchecked ? { unchecked } : {}),
    splits,
    classes,
    skipped: left.rows,
    skippedTotal: left.total,
    skippedReasons: left.reasons,
    notes,
  };
}

function tellReading({ format, fit, why }: Pick<Recognised, 'format' | 'fit' | 'why'>): string {
  return `${fit === 'sure' ? 'Read as' : 'Could be read as'} ${format}: ${why}.`;
}

function format({ dataset, format, splits, left, notes }: ImportOutcome): string {
  const { name, id, records, pictures, classes } = dataset;
  const lines = [
    `Dataset '${name}' (${id}), read as ${format}: ${records} pairs on ${pictures} pictures, ${classes.length} classes; ${splits.train} train, ${splits.validation} validation, ${splits.test} test.`,
    ...notes.map(({ message }) => `Note: ${message}`),
  ];
  if (left.total > 0) {
    lines.push(`${left.total} left out:`);
    lines.push(...listSkipped(left.rows, shownSkipped, left.total));
  }
  return lines.join('\n');
}
