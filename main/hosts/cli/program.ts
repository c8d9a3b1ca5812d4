import { Command } from 'commander';
import { readProgram } from '#main/workbench/program.ts';
import { addBenchCommand } from './bench.ts';
import { addDatasetCommands } from './datasets.ts';
import { addDemoCommand } from './demo.ts';
import { addDoctorCommand } from './doctor.ts';
import { addCompareCommand, addEvaluateCommand } from './evaluations.ts';
import { addParityCommand } from './parity.ts';
import { addRunsCommands } from './runs.ts';
import { addServeCommand } from './serve.ts';
import { addDefendCommand, addTrainCommand } from './train.ts';
import { addTriggerCommands } from './triggers.ts';
import { addVariantCommands } from './variants.ts';

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
    addTrainCommand,
    addDefendCommand,
    addEvaluateCommand,
    addCompareCommand,
    addRunsCommands,
    addServeCommand,
    addParityCommand,
    addBenchCommand,
  ];
  for (const addGroup of groups) addGroup(program);
  return program;
}
