import { CommanderError } from 'commander';
import { toWireError, type WireError } from '#contract/errors.ts';
import { UsageError } from './cli/options.ts';
import { createProgram } from './cli/program.ts';

/** Exit codes of `ccw`. */
const failed = 1;
const badUsage = 2;

/** Helps a person, who asked for it: not an error. */
const answered = new Set(['commander.helpDisplayed', 'commander.version']);

// Whoever read the output may have had enough (ccw runs list | head), or be gone with the terminal: the work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

try {
  const program = await createProgram(process.argv.slice(2));
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong: a message on stderr and, with --json, one line on stdout. @returns the exit code */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (answered.has(error.code)) return 0;
    // Commander has printed its message already.
    printJson({ kind: 'bad-input', message: error.message, details: {} });
    return badUsage;
  }
  const wire: WireError =
    error instanceof UsageError
      ? { kind: 'bad-input', message: error.message, details: {} }
      : toWireError(error);
  const stack = wire.kind === 'internal' && error instanceof Error ? `\n${error.stack}` : '';
  process.stderr.write(`ccw: ${wire.message}${stack}\n`);
  printJson(wire);
  return error instanceof UsageError ? badUsage : failed;
}

function printJson(error: WireError): void {
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error })}\n`);
}
