import { Command } from 'commander';
import { readProgram } from '#main/workbench/program.ts';

type AddCommand = (program: Command) => void;

/** Every command and what adds it, in the order of the help: a command's file is loaded where it is called. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  demo: async () => (await import('./commands/demo.ts')).addDemoCommand,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctorCommand,
  dataset: async () => (await import('./commands/datasets.ts')).addDatasetCommands,
  trigger: async () => (await import('./commands/triggers.ts')).addTriggerCommands,
  variant: async () => (await import('./commands/variants.ts')).addVariantCommands,
  model: async () => (await import('./commands/models.ts')).addModelCommands,
  train: async () => (await import('./commands/train.ts')).addTrainCommand,
  defend: async () => (await import('./commands/train.ts')).addDefendCommand,
  methods: async () => (await import('./commands/methods.ts')).addMethodsCommand,
  evaluate: async () => (await import('./commands/evaluations.ts')).addEvaluateCommand,
  compare: async () => (await import('./commands/evaluations.ts')).addCompareCommand,
  embed: async () => (await import('./commands/models.ts')).addEmbedCommand,
  detect: async () => (await import('./commands/detect.ts')).addDetectCommand,
  scan: async () => (await import('./commands/scan.ts')).addScanCommand,
  runs: async () => (await import('./commands/runs.ts')).addRunsCommands,
  run: async () => (await import('./commands/run-files.ts')).addRunCommand,
  sweep: async () => (await import('./commands/sweeps/sweeps.ts')).addSweepCommands,
  report: async () => (await import('./commands/report.ts')).addReportCommand,
  serve: async () => (await import('./commands/serve.ts')).addServeCommand,
  parity: async () => (await import('./commands/parity.ts')).addParityCommand,
  bench: async () => (await import('./commands/bench.ts')).addBenchCommand,
};

/**
 * `ccw` with the command that `words` call, or with all where they call none: loading all takes longer than most
 * commands do. Errors of usage are thrown as CommanderError, never ended with process.exit.
 */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  const { name, version } = readProgram();
  const program = new Command('ccw')
    .description('CleanCLIP Workbench: plant backdoors in small CLIPs, measure them, remove them, compare')
    .version(`${name} ${version}`)
    .option('--json', 'print results as JSON on stdout, for machines')
    .option(
      '--workspace <folder>',
      'where everything is kept (default: CCW_WORKSPACE, or ~/cleanclip-workbench)',
    )
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help says more)')
    .exitOverride();
  const { operands } = program.parseOptions([...words]);
  const called = Object.entries(commands).filter(([command]) => command === operands[0]);
  const needed = called.length > 0 ? called : Object.entries(commands);
  for (const add of await Promise.all(needed.map(([, load]) => load()))) add(program);
  return program;
}
