import type { Command } from 'commander';
import { type BenchStepReport, benchStepJobSchema, type StepTimings } from '#contract/engine.ts';
import { benchStep } from '#main/workbench/doctor/bench.ts';
import { addDeviceOption, numberOf } from '../options.ts';
import { withWorkspace } from '../session.ts';
import { formatTable } from '../tables.ts';

interface BenchOptions {
  python?: string;
  batchSize: number;
  repetitions: number;
}

export function addBenchCommand(program: Command): void {
  const { shape } = benchStepJobSchema;
  const command = program
    .command('bench')
    .description('time the engine')
    .command('step')
    .description(
      "time one MMCL and one CleanCLIP step of the demo's model: recorded graph, eager, and PyTorch",
    )
    .option('--python <path>', 'a Python with torch to compare with')
    .option('--batch-size <n>', 'pairs in a batch', numberOf(shape.batchSize), 128)
    .option('--repetitions <n>', 'measurements, of which the median counts', numberOf(shape.repetitions), 15);
  addDeviceOption(command)
    .addHelpText('after', '\nExample:\n  ccw bench step --python /usr/bin/python3')
    .action(({ python, batchSize, repetitions }: BenchOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const request = { python: python ?? null, batchSize, repetitions };
        const report = await benchStep(workspace, request, session.context);
        session.print(report, () => formatBench(report));
      }),
    );
}

function formatBench(report: BenchStepReport): string {
  const row = (name: string, { graphMs, eagerMs, eagerFusedMs, pytorchMs }: StepTimings) => [
    name,
    graphMs.toFixed(1),
    eagerMs.toFixed(1),
    eagerFusedMs.toFixed(1),
    pytorchMs?.toFixed(1) ?? 'n/a',
  ];
  return [
    formatTable(
      ['Step', 'Graph, ms', 'Eager, ms', 'Eager with fused ops, ms', 'PyTorch, ms'],
      [row('MMCL', report.mmcl), row('CleanCLIP', report.cleanclip)],
    ),
    `Batch ${report.batchSize}, median of ${report.repetitions}, backend ${report.backend}, ${report.torch === null ? 'no PyTorch' : `PyTorch ${report.torch}`}.`,
  ].join('\n');
}
