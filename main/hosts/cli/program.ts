import { Command } from 'commander';
import { readProgram } from '#main/workbench/program.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addDatasetCommands } from './commands/datasets.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDetectCommand } from './commands/detect.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addCompareCommand, addEvaluateCommand } from './commands/evaluations.ts';
import { addMethodsCommand } from './commands/methods.ts';
import { addEmbedCommand, addModelCommands } from './commands/models.ts';
import { addParityCommand } from './commands/parity.ts';
import { addReportCommand } from './commands/report.ts';
import { addRunCommand } from './commands/run-files.ts';
import { addRunsCommands } from './commands/runs.ts';
import { addScanCommand } from './commands/scan.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSweepCommands } from './commands/sweeps/sweeps.ts';
import { addDefendCommand, addTrainCommand } from './commands/train.ts';
import { addTriggerCommands } from './commands/triggers.ts';
import { addVariantCommands } from './commands/variants.ts';

/** All commands of `ccw`. Errors of usage are thrown as CommanderError, never ended with process.exit. */
export function createProgram(): Command {
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
  const groups = [
    addDemoCommand,
    addDoctorCommand,
    addDatasetCommands,
    addTriggerCommands,
    addVariantCommands,
    addModelCommands,
    addTrainCommand,
    addDefendCommand,
    addMethodsCommand,
    addEvaluateCommand,
    addCompareCommand,
    addEmbedCommand,
    addDetectCommand,
    addScanCommand,
    addRunsCommands,
    addRunCommand,
    addSweepCommands,
    addReportCommand,
    addServeCommand,
    addParityCommand,
    addBenchCommand,
  ];
  for (const addGroup of groups) addGroup(program);
  return program;
}
