import { type Command, Option } from 'commander';
import { type ArchitectureName, architectureNames } from '#contract/architectures.ts';
import { runPresets } from '#contract/presets.ts';
import { type RunKind, trainingConfigSchema } from '#contract/run.ts';
import type { DefenceMethod, RunSettings } from '#main/workbench/runs/run-plans.ts';
import { defend, train } from '#main/workbench/runs/runs.ts';
import { addDeviceOption, numberOf, UsageError } from '../options.ts';
import { printRunReport, runContext } from '../run-output.ts';
import { withWorkspace } from '../session.ts';

const methods = ['cleanclip', 'mmcl', 'supervised'] as const satisfies readonly DefenceMethod[];

interface TrainOptions extends RunSettings {
  variant?: string;
  dataset?: string;
  architecture: ArchitectureName;
  name?: string;
}

interface DefendOptions extends RunSettings {
  model: string;
  dataset?: string;
  method: DefenceMethod;
  name?: string;
}

export function addTrainCommand(program: Command): void {
  const command = program
    .command('train')
    .description('train a CLIP from scratch on a poisoned variant or on clean data')
    .option('--variant <variant>', 'name or id of the variant to train on')
    .option('--dataset <dataset>', 'name or id of a dataset to train on as it is')
    .addOption(
      new Option('--architecture <name>', 'what to train').choices(architectureNames).default('demo'),
    )
    .option('--name <name>', "the run's name (default: made from what it is trained on)");
  addSettings(command, ['train']);
  addDeviceOption(command)
    .addHelpText(
      'after',
      '\nExample:\n  ccw train --variant emoji-patch-fruit-400 --architecture demo --epochs 12 --seed 0',
    )
    .action((options: TrainOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { variant = null, dataset = null, name = null, architecture } = options;
        if (variant === null && dataset === null) {
          throw new UsageError('Name what to train on: --variant V, or --dataset D for clean data.');
        }
        const settings = pickSettings(options);
        const request = { variant, dataset, architecture, name, settings };
        printRunReport(session, workspace, await train(workspace, request, runContext(session)));
      }),
    );
}

export function addDefendCommand(program: Command): void {
  const command = program
    .command('defend')
    .description(
      'finetune a model on clean data: CleanCLIP, its control without the self-supervised term (mmcl), or a supervised head',
    )
    .requiredOption('--model <model>', 'name or id of the model, or of the run that made it')
    .option(
      '--dataset <dataset>',
      'name or id of the clean data (default: what the model was trained on, unpoisoned)',
    )
    .addOption(new Option('--method <method>', 'what to do').choices(methods).makeOptionMandatory())
    .option('--name <name>', "the run's name (default: the model's with the method)");
  addSettings(command, methods);
  addDeviceOption(command)
    .addHelpText(
      'after',
      '\nExample:\n  ccw defend --model emoji-patch-fruit-400-train --method cleanclip --share 0.5 --lambda 4',
    )
    .action((options: DefendOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { model, dataset = null, name = null, method } = options;
        if (options.lambda !== undefined && method !== 'cleanclip') {
          session.context.reporter.say(
            `--lambda weighs CleanCLIP's self-supervised term: ${method} has none.`,
          );
        }
        const request = { model, dataset, method, name, settings: pickSettings(options) };
        printRunReport(session, workspace, await defend(workspace, request, runContext(session)));
      }),
    );
}

const settingNames = [
  'epochs',
  'batchSize',
  'learningRate',
  'warmupSteps',
  'schedule',
  'weightDecay',
  'lambda',
  'imageAugmentation',
  'viewAugmentation',
  'share',
  'seed',
] as const satisfies readonly (keyof RunSettings)[];

function pickSettings(options: RunSettings): RunSettings {
  const given = settingNames.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}

/** One option per setting of a run; help shows what each kind takes when it is left out. */
function addSettings(command: Command, kinds: readonly RunKind[]): void {
  const { shape } = trainingConfigSchema;
  const byDefault = (setting: keyof (typeof runPresets)['train']) => {
    const values = kinds.map((kind) => runPresets[kind][setting]);
    const same = values.every((value) => value === values[0]);
    return `(default: ${same ? values[0] : kinds.map((kind, index) => `${values[index]} for ${kind}`).join(', ')})`;
  };
  command
    .option('--epochs <n>', `passes over the pairs ${byDefault('epochs')}`, numberOf(shape.epochs))
    .option('--batch-size <n>', `pairs in a batch ${byDefault('batchSize')}`, numberOf(shape.batchSize))
    .option(
      '--learning-rate <rate>',
      `the highest, after warm-up ${byDefault('learningRate')}`,
      numberOf(shape.learningRate),
    )
    .option(
      '--warmup-steps <n>',
      `steps of linear warm-up ${byDefault('warmupSteps')}`,
      numberOf(shape.warmupSteps),
    )
    .addOption(
      new Option('--schedule <kind>', `the rate after warm-up ${byDefault('schedule')}`).choices(
        shape.schedule.options,
      ),
    )
    .option('--weight-decay <x>', `AdamW's ${byDefault('weightDecay')}`, numberOf(shape.weightDecay))
    .addOption(
      new Option(
        '--image-augmentation <kind>',
        `how original pictures are changed ${byDefault('imageAugmentation')}`,
      ).choices(shape.imageAugmentation.options),
    )
    .option(
      '--share <x>',
      `part of the training pairs, in (0, 1] ${byDefault('share')}`,
      numberOf(shape.share),
    )
    .option('--seed <n>', 'what all randomness follows from (default: 0)', numberOf(shape.seed));
  if (kinds.includes('cleanclip')) {
    command.option(
      '--lambda <x>',
      `weight of the self-supervised term ${`(default: ${runPresets.cleanclip.lambda}, cleanclip only)`}`,
      numberOf(shape.lambda),
    );
    command.addOption(
      new Option(
        '--view-augmentation <kind>',
        `how the augmented views are made: small changes, or AutoAugment as in the paper (default: ${runPresets.cleanclip.viewAugmentation}, cleanclip only)`,
      ).choices(shape.viewAugmentation.unwrap().options),
    );
  }
}
