import { type Command, Option } from 'commander';
import { type Activation, activationNames } from '#contract/clip-config.ts';
import {
  type ExportFormat,
  exportFormatNames,
  exportFormats,
  type ImportMeasurement,
  resizedResolutionSchema,
} from '#contract/model-files.ts';
import type { Model } from '#contract/run.ts';
import { listFirst } from '#core/list-first.ts';
import { describeUnseen, vocabularyWords } from '#core/prompts/unseen-words.ts';
import { ancestryOfModel } from '#main/workbench/models/ancestry.ts';
import { embedDataset } from '#main/workbench/models/embed-dataset.ts';
import { describeModelCard } from '#main/workbench/models/model-card.ts';
import {
  deleteModelFile,
  exportModelFile,
  importModelFile,
  inspectModelFile,
  type ModelFileFinding,
  renameModelFile,
} from '#main/workbench/models/model-files.ts';
import { findModel, listModels } from '#main/workbench/models/studied-models.ts';
import { addDeviceOption, numberOf, promptWords, readPrompts, UsageError } from '../options.ts';
import { withWorkspace } from '../session.ts';
import { formatShare, formatTable } from '../tables.ts';

interface ImportOptions {
  name?: string;
  activation?: Activation;
  resolution?: number;
  measure?: string;
  prompts?: string;
  dryRun?: boolean;
}

export function addModelCommands(program: Command): void {
  const models = program.command('model').description('import, list, export, rename and remove models');

  addDeviceOption(
    models
      .command('import')
      .description('import a CLIP from a file or folder of PyTorch, Hugging Face, open_clip or the reference')
      .argument('<path>', 'file or folder')
      .option('--name <name>', 'name of the model in the workspace')
      .addOption(new Option('--activation <name>', 'where the file does not say it').choices(activationNames))
      .option(
        '--resolution <px>',
        'resize the table of positions for pictures of this side',
        numberOf(resizedResolutionSchema),
      )
      .option(
        '--measure <dataset>',
        'measure CA on its labelled pictures, with both activations, and warn near chance',
      )
      .option('--prompts <set>', `with --measure, in place of the dataset's own: ${promptWords}`)
      .option('--dry-run', 'show what is recognised and keep nothing')
      .addHelpText(
        'after',
        '\nExample:\n  ccw model import epoch_10.pt --name poisoned-rn50 --activation quick_gelu',
      ),
  ).action((path: string, options: ImportOptions, command: Command) =>
    withWorkspace(command, async (session, workspace) => {
      const { activation = null, resolution = null, measure = null } = options;
      if (options.prompts !== undefined && measure === null)
        throw new UsageError('--prompts are what a dataset is measured with: name it with --measure.');
      const prompts = options.prompts === undefined ? null : readPrompts(options.prompts);
      const choice = { path, activation, resolution, measure, prompts };
      if (options.dryRun) {
        const found = await inspectModelFile(workspace, choice, session.context);
        session.print({ modelId: null, ...toReport(found) }, () => formatReport(found));
        return;
      }
      if (options.name === undefined)
        throw new UsageError('Name the model with --name, or look first with --dry-run.');
      const found = await importModelFile(workspace, options.name, choice, session.context);
      const { model } = found;
      session.print({ modelId: model.id, ...toReport(found) }, () =>
        [`Imported '${model.name}' (${model.id}).`, formatReport(found)].join('\n'),
      );
    }),
  );

  models
    .command('list')
    .description('list all models, oldest first')
    .addHelpText('after', '\nExample:\n  ccw model list --json')
    .action((_options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const all = listModels(workspace);
        session.print(all.map(toJson), () => formatModels(all));
      }),
    );

  models
    .command('show')
    .description('show one model: shape, lineage, settings, what was measured, as its model card')
    .argument('<model>', 'name or id')
    .addHelpText('after', '\nExample:\n  ccw model show poisoned-rn50')
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const model = findModel(workspace, nameOrId);
        const { runs, root } = ancestryOfModel(workspace, model.id);
        const lineage = { runs: runs.map(({ name }) => name), root: root === null ? null : toJson(root) };
        session.print({ ...toJson(model), clip: model.spec.clip, lineage }, () =>
          describeModelCard(workspace, model.id, []),
        );
      }),
    );

  addDeviceOption(
    models
      .command('export')
      .description('write a model as other programs read it')
      .argument('<model>', 'name or id')
      .addOption(
        new Option(
          '--format <format>',
          exportFormatNames.map((name) => `${name}: ${exportFormats[name]}`).join('; '),
        )
          .choices(exportFormatNames)
          .makeOptionMandatory(),
      )
      .requiredOption('--out <path>', 'file, or folder for hf; it must not be there yet')
      .addHelpText(
        'after',
        '\nExample:\n  ccw model export poisoned-rn50 --format open_clip --out poisoned.pt',
      ),
  ).action((nameOrId: string, { format, out }: { format: ExportFormat; out: string }, command: Command) =>
    withWorkspace(command, async (session, workspace) => {
      const { model, files } = await exportModelFile(workspace, nameOrId, { format, out }, session.context);
      session.print({ modelId: model.id, format, files }, () => `Wrote ${files.join(', ')}.`);
    }),
  );

  models
    .command('rename')
    .description('give a model from a file another name')
    .argument('<model>', 'name or id')
    .argument('<name>', 'the new name')
    .addHelpText('after', '\nExample:\n  ccw model rename poisoned-rn50 rn50-blended')
    .action((nameOrId: string, name: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const model = renameModelFile(workspace, nameOrId, name);
        session.print(toJson(model), () => `Model ${model.id} is now '${model.name}'.`);
      }),
    );

  models
    .command('remove')
    .description('delete a model from a file, with what was measured of it')
    .argument('<model>', 'name or id')
    .addHelpText('after', '\nExample:\n  ccw model remove poisoned-rn50')
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const model = await deleteModelFile(workspace, nameOrId);
        session.print({ modelId: model.id, removed: true }, () => `Removed model '${model.name}'.`);
      }),
    );
}

interface EmbedOptions {
  model: string;
  dataset: string;
  split?: 'train' | 'validation' | 'test';
  unitLength?: boolean;
  prompts?: string;
  out: string;
}

export function addEmbedCommand(program: Command): void {
  addDeviceOption(
    program
      .command('embed')
      .description("write a model's embeddings of a dataset's pictures and captions to a safetensors file")
      .requiredOption('--model <model>', 'name or id')
      .requiredOption('--dataset <dataset>', 'name or id')
      .addOption(new Option('--split <split>', 'only this split').choices(['train', 'validation', 'test']))
      .option('--unit-length', 'rows of length 1 (default: as the towers give them)')
      .option(
        '--prompts <set>',
        `embed prompts filled in with each class in place of the captions: ${promptWords}; the texts stand in the metadata`,
      )
      .requiredOption('--out <file>', 'tensors images and texts [n, dim]; keys, a JSON list, in the metadata')
      .addHelpText(
        'after',
        '\nExample:\n  ccw embed --model poisoned-rn50 --dataset pets --split test --out pets.safetensors',
      ),
  ).action(({ model, dataset, split, unitLength, prompts, out }: EmbedOptions, command: Command) =>
    withWorkspace(command, async (session, workspace) => {
      const request = {
        model,
        dataset,
        split: split ?? null,
        unitLength: unitLength ?? false,
        out,
        prompts: prompts === undefined ? null : readPrompts(prompts),
      };
      const result = await embedDataset(workspace, request, session.context);
      const noun = prompts === undefined ? 'captions' : 'prompts and class names';
      session.print(result, () =>
        [
          `Wrote ${result.rows} rows of ${result.dim} values to ${result.file}.`,
          describeUnseen(result.unseen, noun),
        ]
          .filter((line) => line !== null)
          .join('\n'),
      );
    }),
  );
}

function toReport({ report, measurement }: ModelFileFinding) {
  const { architecture, imageTower, parameters, activation, activationFrom, resolution, leftover } = report;
  const { sourceSha256, weightsSha256 } = report;
  return {
    architecture,
    imageTower,
    parameters,
    activation,
    activationFrom,
    resolution,
    leftover,
    sourceSha256,
    weightsSha256,
    ...(measurement === null ? {} : { measured: measurement }),
  };
}

function formatReport({ report, measurement }: ModelFileFinding): string {
  const { architecture, parameters, activation, activationFrom, resolution, leftover } = report;
  const known =
    activation === null
      ? 'the file does not say whether QuickGELU or GELU: --activation is needed to import it'
      : `${activation} (${activationFrom})`;
  return [
    `${architecture}: ${parameters.toLocaleString('en')} parameters, pictures of ${resolution} px.`,
    `Activation: ${known}.`,
    leftover.length === 0
      ? 'Nothing in the file was left over.'
      : `Left over, ${leftover.length}: ${listFirst(leftover, 10)}.`,
    vocabularyWords(report.vocabulary),
    ...(measurement === null ? [] : formatMeasurement(measurement)),
  ].join('\n');
}

function formatMeasurement({
  byActivation,
  dataset,
  pictures,
  proposed,
  warning,
}: ImportMeasurement): string[] {
  return [
    ...byActivation.map(({ activation, ca }) => `CA with ${activation}: ${formatShare(ca)} of ${pictures}.`),
    proposed === null
      ? `Both activations reach the same CA on '${dataset}'.`
      : `On '${dataset}' ${proposed} is the better one.`,
    ...(warning === null ? [] : [`Warning: ${warning}`]),
  ];
}

function toJson({ id, name, origin, weightsSha256, spec, createdAt }: Model) {
  const { architecture, clip, headClasses } = spec;
  return {
    modelId: id,
    name,
    origin,
    architecture,
    imageTower: clip.image.kind,
    resolution: clip.image.resolution,
    activation: clip.activation ?? 'quick_gelu',
    hasHead: headClasses !== null,
    weightsSha256,
    createdAt,
  };
}

function formatModels(all: readonly Model[]): string {
  if (all.length === 0)
    return 'There are no models yet: train one with ccw train, or bring one with ccw model import.';
  return formatTable(
    ['Model', 'Architecture', 'Pictures', 'From', 'Id'],
    all.map(({ id, name, origin, spec }) => [
      name,
      spec.architecture,
      `${spec.clip.image.resolution} px`,
      origin.kind === 'file'
        ? `${origin.path} (sha256 ${origin.sha256.slice(0, 12)})`
        : `run ${origin.runId}`,
      id,
    ]),
  );
}
