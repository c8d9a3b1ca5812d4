import { type Command, Option } from 'commander';
import { type ArchitectureName, architectureNames } from '#contract/architectures.ts';
import {
  type BenchEvaluateReport,
  type BenchedMethod,
  type BenchStepReport,
  benchEvaluateJobSchema,
  benchedMethods,
  benchStepJobSchema,
  type StepTimings,
} from '#contract/engine.ts';
import { type Precision, precisions } from '#contract/methods/common-settings.ts';
import { benchEvaluate, benchStep } from '#main/workbench/doctor/bench.ts';
import { addDeviceOption, numberOf } from '../options.ts';
import { withWorkspace } from '../session.ts';
import { formatTable } from '../tables.ts';

interface BenchOptions {
  model: ArchitectureName;
  method?: BenchedMethod;
  python?: string;
  batchSize?: number;
  partSize?: number;
  precision: Precision;
  repetitions: number;
}

/** The batch that docs/performance.md measures: the demo's own, and what fits a laptop at 224 pixels. */
const usualBatchSize = (model: ArchitectureName) => (model === 'demo' ? 128 : 16);

export function addBenchCommand(program: Command): void {
  const bench = program.command('bench').description('time the engine');
  addStepCommand(bench);
  addEvaluateCommand(bench);
}

function addStepCommand(bench: Command): void {
  const { shape } = benchStepJobSchema;
  const command = bench
    .command('step')
    .description('time one training step of a model, in turn with PyTorch, and the peak memory of both')
    .addOption(new Option('--model <name>', 'architecture').choices(architectureNames).default('demo'))
    .addOption(
      new Option('--method <name>', 'one of the two (default: both, one after the other)').choices(
        benchedMethods,
      ),
    )
    .option('--python <path>', 'a Python with torch, and open_clip for published models, to compare with')
    .option(
      '--batch-size <n>',
      'pairs in a batch (default: 128 for demo, else 16)',
      numberOf(shape.batchSize),
    )
    .option(
      '--part-size <n>',
      'pairs that go through the towers at once (default: the whole batch); divides the batch',
      numberOf(shape.partSize.unwrap()),
    )
    .addOption(
      new Option('--precision <name>', 'in what our side multiplies matrices')
        .choices(precisions)
        .default('float32'),
    )
    .option('--repetitions <n>', 'measurements, of which the median counts', numberOf(shape.repetitions), 15);
  addDeviceOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  ccw bench step --python /usr/bin/python3\n  ccw bench step --model ViT-B/32 --batch-size 16 --method mmcl --repetitions 5 --json',
    )
    .action(
      (
        { model, method, python, batchSize, partSize, precision, repetitions }: BenchOptions,
        command: Command,
      ) =>
        withWorkspace(command, async (session, workspace) => {
          const request = {
            model,
            method: method ?? null,
            python: python ?? null,
            batchSize: batchSize ?? usualBatchSize(model),
            partSize: partSize ?? null,
            precision,
            repetitions,
          };
          const report = await benchStep(workspace, request, session.context);
          session.print(report, () => formatBench(report));
        }),
    );
}

interface EvaluateOptions {
  model: ArchitectureName;
  pictures: number;
  batchSize: number;
  repetitions: number;
  python?: string;
}

function addEvaluateCommand(bench: Command): void {
  const { shape } = benchEvaluateJobSchema;
  const command = bench
    .command('evaluate')
    .description(
      "time CA and ASR on JPEG files, in turn with PyTorch's two passes with Pillow, and the peak memory of both",
    )
    .addOption(new Option('--model <name>', 'architecture').choices(architectureNames).default('demo'))
    .option('--pictures <n>', "JPEG files at the model's resolution", numberOf(shape.pictures), 200)
    .option('--batch-size <n>', 'pictures that go through the model at once', numberOf(shape.batchSize), 32)
    .option('--repetitions <n>', 'measurements, of which the median counts', numberOf(shape.repetitions), 3)
    .option('--python <path>', 'a Python with torch, torchvision, Pillow and open_clip, to compare with');
  addDeviceOption(command)
    .addHelpText(
      'after',
      '\nExample:\n  ccw bench evaluate --model RN50 --pictures 2000 --repetitions 1 --python /usr/bin/python3 --json',
    )
    .action(({ model, pictures, batchSize, repetitions, python }: EvaluateOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const request = { model, pictures, batchSize, repetitions, python: python ?? null };
        const report = await benchEvaluate(workspace, request, session.context);
        session.print(report, () => formatEvaluation(report));
      }),
    );
}

const formatMs = (value: number | null) => value?.toFixed(1) ?? 'n/a';
const formatGigabytes = (bytes: number | null) => (bytes === null ? 'n/a' : (bytes / 1e9).toFixed(2));

function formatEvaluation(report: BenchEvaluateReport): string {
  const { ms, pytorchMs, peakBytes, pytorchPeakBytes, pictures, batchSize, repetitions, torch } = report;
  const row = [
    report.model,
    formatMs(ms),
    formatMs(pytorchMs),
    formatGigabytes(peakBytes),
    formatGigabytes(pytorchPeakBytes),
  ];
  return [
    formatTable(['Model', 'Ours, ms', 'PyTorch, ms', 'Peak, GB', 'PyTorch, GB'], [row]),
    `CA and ASR on ${pictures} JPEG files, batches of ${batchSize}, median of ${repetitions} pairs, backend ${report.backend}, ${torch === null ? 'no PyTorch' : `PyTorch ${torch}`}.`,
  ].join('\n');
}

function formatBench(report: BenchStepReport): string {
  const row = (name: string, timings: StepTimings) => [
    name,
    formatMs(timings.graphMs),
    formatMs(timings.firstMs),
    formatMs(timings.pytorchMs),
    formatMs(timings.pytorchChannelsLastMs),
    formatGigabytes(timings.peakBytes),
    formatGigabytes(timings.pytorchPeakBytes),
  ];
  const measured = benchedMethods.flatMap((method) => {
    const timings = report[method];
    return timings === null ? [] : [row(method, timings)];
  });
  const head = [
    'Step',
    'Graph, ms',
    'First, ms',
    'PyTorch, ms',
    'channels_last, ms',
    'Peak, GB',
    'PyTorch, GB',
  ];
  return [
    formatTable(head, measured),
    `${report.model}, batch ${report.batchSize}, median of ${report.repetitions} pairs, backend ${report.backend}, ${report.torch === null ? 'no PyTorch' : `PyTorch ${report.torch}`}.`,
  ].join('\n');
}
