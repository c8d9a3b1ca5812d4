import { type Command, InvalidArgumentError, Option } from 'commander';
import { deviceNameSchema, deviceNames, devices } from '#contract/devices/index.ts';
import { engineDeviceVariable } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { findPromptFault } from '#contract/prompts.ts';
import { findPromptSet, promptSetNames } from '#core/prompts/prompt-sets.ts';
import { readPromptText, toPrompts } from '#core/prompts/read-prompts.ts';
import { readRegularFileSync } from '#main/data/files/open-regular-file.ts';

/** Of a file with one template, prompt or id a line. */
const maxLinesBytes = 64 * 1024 ** 2;

/** A command line that does not hold together; ends with exit code 2. */
export class UsageError extends Error {}

/** What of zod an option needs: one value checked. */
interface Checker<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly { message: string }[] } };
}

/** Reads an option's text as a number that the contract's schema allows; usage errors say what it allows. */
export function numberOf(schema: Checker<number>): (text: string) => number {
  return (text) => {
    const parsed = schema.safeParse(text.trim() === '' ? Number.NaN : Number(text));
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(parsed.error.issues.map(({ message }) => message).join('; '));
  };
}

/** `--device` for commands that start the engine. */
export function addDeviceOption(command: Command): Command {
  const words = deviceNames.map((name) => `${name}: ${devices[name].label}`).join('; ');
  return command.addOption(
    new Option('--device <name>', `what computes (${words}; default: cpu, or wasm where it cannot be loaded)`)
      .choices(deviceNames)
      .env(engineDeviceVariable)
      .argParser((text) => {
        const parsed = deviceNameSchema.safeParse(text);
        if (parsed.success) return parsed.data;
        throw new InvalidArgumentError(`Allowed choices are ${deviceNames.join(', ')}.`);
      }),
  );
}

/**
 * The lines of a text file that are not empty.
 * @throws WorkbenchError `not-found`, or `bad-input` where there is no line
 */
export function readLines(path: string, what: string): string[] {
  const lines = readText(path, what)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return refuseEmpty(lines, path, what);
}

/**
 * Caption templates by the name of a set of prompts, or from a file: one a line, or JSON.
 * @throws WorkbenchError `not-found`; `bad-input` where there are none, or JSON is of another shape
 */
export function readTemplates(nameOrFile: string, what = 'template file'): string[] {
  const set = findPromptSet(nameOrFile);
  if (set !== null) return [...set];
  try {
    return refuseEmpty(readPromptText(readText(nameOrFile, what)), nameOrFile, what);
  } catch (error) {
    if (error instanceof WorkbenchError && error.kind === 'not-found') throw unknownSet(nameOrFile, what);
    throw error;
  }
}

/** Prompts as {@link readTemplates}, each with {} once. */
export function readPrompts(nameOrFile: string): string[] {
  const prompts = toPrompts(readTemplates(nameOrFile, 'prompt file'));
  const fault = findPromptFault(prompts);
  if (fault === null) return prompts;
  throw new WorkbenchError('bad-input', `${nameOrFile}: ${fault}`, { path: nameOrFile });
}

const readText = (path: string, what: string) =>
  readRegularFileSync(path, maxLinesBytes, what).toString('utf8');

function refuseEmpty(lines: string[], path: string, what: string): string[] {
  if (lines.length > 0) return lines;
  throw new WorkbenchError('bad-input', `The ${what} ${path} is empty: write one per line.`, { path });
}

function unknownSet(name: string, what: string): WorkbenchError {
  return new WorkbenchError(
    'not-found',
    `There is no set and no ${what} '${name}'. The sets are ${promptSetNames.join(', ')}.`,
    { path: name },
  );
}

/** What an option for prompts takes, for its help. */
export const promptWords = `one of the sets ${promptSetNames.join(', ')}, or a file with one a line or as JSON, each with {} for the class`;
