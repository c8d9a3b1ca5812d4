import { type Command, Option } from 'commander';
import { type ArchitectureName, architectureNames } from '#contract/architectures.ts';
import { type MethodName, methodNames } from '#contract/methods/method-registry.ts';
import type { RunData, RunStart } from '#contract/run.ts';
import { completeConfig } from '#main/workbench/runs/complete-config.ts';
import { dataOfModel } from '#main/workbench/runs/run-plans.ts';
import { startRun } from '#main/workbench/runs/runs.ts';
import { addDeviceOption, UsageError } from '../options.ts';
import { printRunReport, runContext } from '../run-output.ts';
import { withWorkspace } from '../session.ts';
import {
  addRunOptions,
  pickChanged,
  pickMeasuring,
  pickPreset,
  pickSelection,
  pickSettings,
  type RunOptionValues,
} from './method-options.ts';

interface DataOptions {
  variant?: string;
  dataset?: string;
}

interface TrainOptions extends RunOptionValues, DataOptions {
  architecture?: ArchitectureName;
  start?: string;
  method: MethodName;
}

interface DefendOptions extends RunOptionValues, DataOptions {
  model: string;
  method: MethodName;
}

export function addTrainCommand(program: Command): void {
  const command = program
    .command('train')
    .description('train a CLIP: from scratch or from a model, on a poisoned variant or on clean data')
    .option('--variant <variant>', 'name or id of the variant to train on')
    .option('--dataset <dataset>', 'name or id of a dataset to train on as it is')
    .addOption(
      new Option('--architecture <name>', 'what to train from scratch (default: demo)').choices(
        architectureNames,
      ),
    )
    .option('--start <model>', 'name or id of a model, or of its run, to go on from')
    .addOption(new Option('--method <method>', 'how to train').choices(methodNames).default('mmcl'));
  addRunOptions(command, 'scratch');
  addDeviceOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  ccw train --variant emoji-patch-fruit-400 --architecture demo --epochs 12 --seed 0\n  ccw train --variant emoji-patch-fruit-400 --start emoji-clean-train --epochs 3',
    )
    .action((options: TrainOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { name = null, method, seed } = options;
        const data = dataFrom(options);
        if (data === null) {
          throw new UsageError('Name what to train on: --variant V, or --dataset D for clean data.');
        }
        const config = completeConfig({
          start: startFrom(options),
          data: { ...data, ...pickChanged(options) },
          method,
          settings: pickSettings(options, method),
          selection: pickSelection(options),
          ...pickPreset(options),
          ...(seed === undefined ? {} : { seed }),
        });
        const report = await startRun(
          workspace,
          { name, config, measuring: pickMeasuring(options) },
          runContext(session),
        );
        printRunReport(session, workspace, report);
      }),
    );
}

export function addDefendCommand(program: Command): void {
  const command = program
    .command('defend')
    .description('go on from a model to repair it; as train --start, with the defaults of a repair')
    .requiredOption('--model <model>', 'name or id of the model, or of the run that made it')
    .option(
      '--dataset <dataset>',
      'name or id of the clean data (default: what the model was trained on, unpoisoned)',
    )
    .option('--variant <variant>', 'name or id of a variant: data that still holds poison')
    .addOption(new Option('--method <method>', 'what to do').choices(methodNames).makeOptionMandatory());
  addRunOptions(command, 'model');
  addDeviceOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  ccw defend --model emoji-patch-fruit-400-train --method cleanclip --fraction 0.5 --lambda 4\n  ccw defend --model poisoned-rn50 --dataset clean-pairs --method cleanclip --preset paper',
    )
    .action((options: DefendOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { model, name = null, method, seed } = options;
        const config = completeConfig({
          start: { kind: 'model', model },
          data: { ...(dataFrom(options) ?? dataOfModel(workspace, model)), ...pickChanged(options) },
          method,
          settings: pickSettings(options, method),
          selection: pickSelection(options),
          ...pickPreset(options),
          ...(seed === undefined ? {} : { seed }),
          repairs: true,
        });
        const report = await startRun(
          workspace,
          { name, config, measuring: pickMeasuring(options) },
          runContext(session),
        );
        printRunReport(session, workspace, report);
      }),
    );
}

function dataFrom({ variant, dataset }: DataOptions): Pick<RunData, 'kind' | 'id'> | null {
  if (variant !== undefined && dataset !== undefined) {
    throw new UsageError('A variant belongs to its dataset: name --variant or --dataset, not both.');
  }
  if (variant !== undefined) return { kind: 'variant', id: variant };
  return dataset === undefined ? null : { kind: 'dataset', id: dataset };
}

function startFrom({ start, architecture }: TrainOptions): RunStart {
  if (start === undefined) return { kind: 'scratch', architecture: architecture ?? 'demo' };
  if (architecture === undefined) return { kind: 'model', model: start };
  throw new UsageError('A model has its architecture: name --start or --architecture, not both.');
}
