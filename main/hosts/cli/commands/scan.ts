import { join } from 'node:path';
import type { Command } from 'commander';
import { type Scan, scanDefaults, scanFiles, scanSettingsSchema, suspiciousShare } from '#contract/scan.ts';
import { findModel } from '#main/workbench/models/studied-models.ts';
import { scan, scanFolder } from '#main/workbench/scans/scans.ts';
import { addDeviceOption, numberOf } from '../options.ts';
import { withWorkspace } from '../session.ts';
import { formatPercent } from '../tables.ts';

interface ScanOptions {
  model: string;
  dataset?: string;
  pictures: number;
  batchSize: number;
  steps: number;
  seed: number;
}

const { shape } = scanSettingsSchema;

export function addScanCommand(program: Command): void {
  const command = program
    .command('scan')
    .description('look for a backdoor in a model without data of its attack (DECREE)')
    .requiredOption('--model <model>', 'name or id of the model, or of the run that made it')
    .option('--dataset <dataset>', "whose pictures, any clean ones (default: the model's own)")
    .option('--pictures <n>', 'how many of them at most', numberOf(shape.pictures), scanDefaults.pictures)
    .option('--batch-size <n>', 'pictures in a step', numberOf(shape.batchSize), scanDefaults.batchSize)
    .option('--steps <n>', 'steps at most', numberOf(shape.steps), scanDefaults.steps)
    .option('--seed <n>', 'of the first mask and the batches', numberOf(shape.seed), scanDefaults.seed);
  addDeviceOption(command)
    .addHelpText('after', '\nExample:\n  ccw scan --model demo-0-poisoned')
    .action((options: ScanOptions, own: Command) =>
      withWorkspace(own, async (session, workspace) => {
        const { model, dataset = null, pictures, batchSize, steps, seed } = options;
        const settings = { pictures, batchSize, steps, seed };
        const done = await scan(workspace, { model, dataset, settings }, session.context);
        const folder = scanFolder(workspace, findModel(workspace, done.modelId), done.id);
        session.print(toJson(done, folder), () => toText(done, folder));
      }),
    );
}

function toJson({ id, result, seconds }: Scan, folder: string) {
  const { share, verdict, nearest, cosine, steps, pictures } = result;
  const files =
    share === null
      ? null
      : Object.fromEntries(Object.entries(scanFiles).map(([name, file]) => [name, join(folder, file)]));
  return { runId: id, share, verdict, nearest, cosine, steps, pictures, seconds, files };
}

function toText({ id, result }: Scan, folder: string): string {
  const { share, verdict, nearest, cosine, steps, pictures } = result;
  const limit = formatPercent(suspiciousShare);
  if (share === null) {
    return `${verdict} (${id}): in ${steps} steps on ${pictures} pictures no trigger made all embeddings alike.`;
  }
  return [
    `${verdict} (${id}): a mask of ${formatPercent(share)} of a picture makes ${pictures} pictures alike (cosine ${cosine?.toFixed(3)}); below ${limit} is a backdoor.`,
    ...nearest.map(({ class: name, similarity }) => `  near '${name}': ${similarity.toFixed(3)}`),
    `Mask, trigger and feature: ${folder}`,
  ].join('\n');
}
