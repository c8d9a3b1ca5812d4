import { type Command, Option } from 'commander';
import { z } from 'zod';
import {
  type Detection,
  detectionSettingsSchema,
  detectorNameSchema,
  detectorNames,
  detectors,
  publishedDetection,
  type ScoredPair,
} from '#contract/detection.ts';
import { type CleanedData, makeCleanedData } from '#main/workbench/detections/cleaned-data.ts';
import { detect, mostSuspicious } from '#main/workbench/detections/detections.ts';
import { addDeviceOption, numberOf, UsageError } from '../options.ts';
import { withWorkspace } from '../session.ts';
import { formatTable } from '../tables.ts';

interface DetectOptions {
  model: string;
  variant?: string;
  dataset?: string;
  method: string;
  neighbours?: number;
  among: string;
  batchSize: number;
  references: string;
  density: string;
  suspicious?: string;
  seed: number;
  top: number;
  drop?: number;
  saveAs?: string;
}

const { shape } = detectionSettingsSchema;

export function addDetectCommand(program: Command): void {
  const defaults = publishedDetection('dao');
  const command = program
    .command('detect')
    .description("score training pairs with a detector of poisoned pairs, on a model's features")
    .requiredOption('--model <model>', 'name or id of the model, or of the run that made it')
    .option('--variant <variant>', 'whose training pairs, the poisoned ones with their triggers')
    .option('--dataset <dataset>', 'whose training pairs, where there is no variant')
    .addOption(
      new Option('--method <detector>', 'how pairs are scored').choices(detectorNames).default('dao'),
    )
    .option('--neighbours <k>', "how many neighbours (default: the authors')", numberOf(shape.neighbours))
    .addOption(
      new Option('--among <which>', 'neighbours are looked for in random batches, as published, or among all')
        .choices(shape.among.options)
        .default(defaults.among),
    )
    .option('--batch-size <n>', 'pairs in a batch', numberOf(shape.batchSize), defaults.batchSize)
    .addOption(
      new Option('--references <which>', 'what can be a neighbour: pictures and captions, or pictures alone')
        .choices(shape.references.options)
        .default(defaults.references),
    )
    .addOption(
      new Option(
        '--density <whose>',
        "slof and dao: a neighbour's density as the published code looks it up, which is another sample's, or its own",
      )
        .choices(shape.density.options)
        .default(defaults.density),
    )
    .addOption(
      new Option(
        '--suspicious <end>',
        "which end of the scores is suspicious (default: the authors')",
      ).choices(shape.suspicious.options),
    )
    .option('--seed <n>', 'of the batches and trees', numberOf(shape.seed), defaults.seed)
    .option('--top <n>', 'how many of the most suspicious are listed', numberOf(z.number().int().min(0)), 20)
    .option(
      '--drop <n>',
      'with --save-as: how many of the most suspicious a new dataset leaves out',
      numberOf(z.number().int().min(1)),
    )
    .option('--save-as <name>', 'make a dataset of this name without them');
  addDeviceOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  ccw detect --model demo-0-poisoned --variant emoji-patch-flag-400 --method dao\n  ccw detect --model demo-0-poisoned --variant emoji-patch-flag-400 --method clipscore --drop 400 --save-as emoji-cleaned',
    )
    .action((options: DetectOptions, own: Command) =>
      withWorkspace(own, async (session, workspace) => {
        const { variant, dataset, drop, saveAs } = options;
        if ((variant === undefined) === (dataset === undefined)) {
          throw new UsageError('Name the data with --variant or with --dataset: one of the two.');
        }
        if ((drop === undefined) !== (saveAs === undefined)) {
          throw new UsageError('--drop and --save-as belong together.');
        }
        const detection = await detect(
          workspace,
          {
            model: options.model,
            data:
              variant === undefined
                ? { kind: 'dataset', name: dataset ?? '' }
                : { kind: 'variant', name: variant },
            settings: readSettings(options),
          },
          session.context,
        );
        const top = mostSuspicious(workspace, detection.id, options.top);
        const cleaned =
          drop === undefined || saveAs === undefined
            ? null
            : await makeCleanedData(workspace, { detectionId: detection.id, drop, name: saveAs });
        session.print(toJson(detection, top, cleaned), () => toText(detection, top, cleaned));
      }),
    );
}

function readSettings(options: DetectOptions) {
  const published = publishedDetection(detectorNameSchema.parse(options.method));
  const { neighbours, among, batchSize, references, density, suspicious, seed } = options;
  return detectionSettingsSchema.parse({
    ...published,
    neighbours: neighbours ?? published.neighbours,
    among,
    batchSize,
    references,
    density,
    suspicious: suspicious ?? published.suspicious,
    seed,
  });
}

function toJson(detection: Detection, top: readonly ScoredPair[], cleaned: CleanedData | null) {
  const known = detection.poisoned !== null;
  return {
    runId: detection.id,
    method: detection.settings.detector,
    pairs: detection.pairs,
    poisoned: detection.poisoned,
    auroc: detection.auroc,
    recallAt: detection.recallAt,
    top: top.map(({ key, score, poisoned }) => ({ key, score, poisoned: known ? poisoned : null })),
    seconds: detection.seconds,
    ...(cleaned === null
      ? {}
      : {
          cleaned: {
            datasetId: cleaned.dataset.id,
            variantId: cleaned.variant?.id ?? null,
            removed: cleaned.removed,
            poisonLeft: known ? (cleaned.variant?.changed ?? 0) : null,
          },
        }),
  };
}

function toText(detection: Detection, top: readonly ScoredPair[], cleaned: CleanedData | null): string {
  const { settings, pairs, poisoned, auroc, recallAt } = detection;
  const lines = [
    `${detectors[settings.detector].label} on ${pairs} training pairs (${detection.id}); ${settings.suspicious} scores are suspicious.`,
    auroc === null
      ? 'AUROC not measured: no manifest says which pairs are poisoned.'
      : `AUROC ${auroc.toFixed(3)} for ${poisoned} poisoned pairs.`,
    ...Object.entries(recallAt).map(
      ([budget, share]) =>
        `The most suspicious ${(100 * Number(budget)).toFixed(1)} % of the pairs include ${(100 * (share ?? 0)).toFixed(1)} % of the poison.`,
    ),
  ];
  const rows = top.map(({ place, score, key, poisoned: isPoisoned }) => [
    String(place),
    score.toPrecision(5),
    poisoned === null ? 'not known' : isPoisoned ? 'poisoned' : 'clean',
    key,
  ]);
  const table = rows.length === 0 ? [] : ['', formatTable(['Place', 'Score', 'Truth', 'Picture'], rows)];
  const made =
    cleaned === null
      ? []
      : [
          '',
          `Dataset '${cleaned.dataset.name}' leaves out ${cleaned.removed} pairs${cleaned.variant === null ? '' : `; variant '${cleaned.variant.name}' of it still holds ${cleaned.variant.changed} poisoned pairs`}.`,
        ];
  return [...lines, ...table, ...made].join('\n');
}
