import { type Command, Option } from 'commander';
import { z } from 'zod';
import { type ExportFormat, exportFormatNames } from '#contract/dataset-export.ts';
import { exportDataset } from '#main/workbench/datasets/exporting/export-dataset.ts';
import { numberOf } from '../options.ts';
import { withWorkspace } from '../session.ts';

interface ExportOptions {
  format: ExportFormat;
  out: string;
  perPart?: number;
}

/** `dataset export`. */
export function addExportCommand(datasets: Command): void {
  datasets
    .command('export')
    .description('write a dataset with its pictures; the same command goes on where it was cut short')
    .argument('<dataset>', 'name or id')
    .addOption(
      new Option(
        '--format <format>',
        'pictures with a table, tars, Parquet files, or a folder for each class',
      )
        .choices(exportFormatNames)
        .default('csv'),
    )
    .requiredOption('--out <folder>', 'where to; it must not exist, or be empty, or hold the same export')
    .option(
      '--per-part <n>',
      'pictures of a tar, a Parquet file or a folder (default: 1000)',
      numberOf(z.number().int().min(1)),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  ccw dataset export pairs --out pairs-csv\n  ccw dataset export pairs --format webdataset --out shards',
    )
    .action((dataset: string, { format, out, perPart }: ExportOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const request = { dataset, folder: out, format, ...(perPart && { picturesPerPart: perPart }) };
        const outcome = await exportDataset(workspace, request, session.context);
        const { id, name, records, pictures } = outcome.dataset;
        const { folder, parts, resumed } = outcome;
        session.print({ datasetId: id, format, folder, records, pictures, parts, resumed }, () =>
          [
            `Dataset '${name}': ${records} pairs on ${pictures} pictures as ${format} in ${folder}, ${parts} parts.`,
            ...(resumed > 0 ? [`${resumed} of them were there already.`] : []),
            ...(format === 'class-folders' ? ['Class folders have no captions: those are left out.'] : []),
          ].join('\n'),
        );
      }),
    );
}
