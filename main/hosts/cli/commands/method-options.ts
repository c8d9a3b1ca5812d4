import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import type { Parameter } from '#contract/api/runs.ts';
import { type MethodName, methodNames, methodOf, presetFor } from '#contract/methods/method-registry.ts';
import { type PairSelection, pairSelectionSchema, type RunData, seedSchema } from '#contract/run.ts';
import type { Measuring } from '#main/workbench/runs/keep-runs.ts';
import { describeShape } from '#main/workbench/runs/run-methods.ts';
import { numberOf, UsageError } from '../options.ts';

/** What the options of {@link addRunOptions} gave. */
export type RunOptionValues = Record<string, unknown> & {
  name?: string;
  preset?: string;
  fraction?: number;
  share?: number;
  withoutPoisoned?: true;
  changedPictures?: 'stop' | 'list';
  seed?: number;
  measure: boolean;
  measureEachEpoch: boolean;
};

/** Every setting that some method has, by the first that has it. */
function settingsOfAll(): Map<string, { parameter: Parameter; methods: MethodName[] }> {
  const found = new Map<string, { parameter: Parameter; methods: MethodName[] }>();
  for (const method of methodNames) {
    for (const parameter of describeShape(methodOf(method).settings.shape)) {
      const known = found.get(parameter.name);
      if (known === undefined) found.set(parameter.name, { parameter, methods: [method] });
      else known.methods.push(method);
    }
  }
  return found;
}

/**
 * One option for each setting of any method, for the selection and for the seed.
 * @param start what runs of the command usually start from: help shows the presets for it
 */
export function addRunOptions(command: Command, start: 'scratch' | 'model'): void {
  command.option('--name <name>', "the run's name (default: made from start, data and method)");
  command.option(
    '--preset <name>',
    `settings under a name, for what is not given: ${presetNames().join(', ')}; which method has which, and where each comes from: ccw methods (default: the method's first for the start)`,
  );
  for (const { parameter, methods } of settingsOfAll().values()) {
    const only = methods.length === methodNames.length ? '' : ` (${methods.join(', ')} only)`;
    const words = `${sentence(parameter.help)}${only} ${describeDefault(parameter.name, methods, start)}`;
    command.addOption(optionFor(parameter, words));
  }
  const { fraction } = pairSelectionSchema.shape;
  command
    .option(
      '--fraction <x>',
      `fraction of the training pairs, in (0, 1] (default: ${start === 'model' ? "the method's preset" : '1'})`,
      numberOf(fraction),
    )
    .addOption(new Option('--share <x>', 'as --fraction').argParser(numberOf(fraction)).hideHelp())
    .option('--without-poisoned', "leave out the records that the start model's training data had poisoned")
    .addOption(
      new Option(
        '--changed-pictures <what>',
        'what becomes of pictures that have changed since the import: the run stops, or lists them (default: stop)',
      ).choices(['stop', 'list']),
    )
    .option('--seed <n>', 'seed of all randomness (default: 0)', numberOf(seedSchema))
    .option('--no-measure', 'do not measure CA and ASR when the run is done')
    .option('--measure-each-epoch', 'measure CA and ASR after each epoch too', false);
}

/** The settings that were given. @throws UsageError for one that the method does not have */
export function pickSettings(options: RunOptionValues, method: MethodName): Record<string, unknown> {
  const own = Object.keys(methodOf(method).settings.shape);
  const given = [...settingsOfAll().keys()].filter((name) => options[name] !== undefined);
  const foreign = given.find((name) => !own.includes(name));
  if (foreign !== undefined) {
    throw new UsageError(
      `${flagOf(foreign)} is no setting of ${method}, which has ${own.map(flagOf).join(', ')}.`,
    );
  }
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}

export const pickPreset = ({ preset }: RunOptionValues) => (preset === undefined ? {} : { preset });

export const pickMeasuring = ({ measure, measureEachEpoch }: RunOptionValues): Measuring => ({
  atEnd: measure,
  eachEpoch: measureEachEpoch,
});

/** What becomes of changed pictures, where it was given. */
export const pickChanged = ({ changedPictures }: RunOptionValues): Pick<RunData, 'changedPictures'> =>
  changedPictures === undefined ? {} : { changedPictures };

export function pickSelection({ fraction, share, withoutPoisoned }: RunOptionValues): Partial<PairSelection> {
  const part = fraction ?? share;
  return {
    ...(part === undefined ? {} : { fraction: part }),
    ...(withoutPoisoned === undefined ? {} : { withoutPoisoned }),
  };
}

function optionFor({ name, kind, choices }: Parameter, words: string): Option {
  const flag = flagOf(name);
  if (kind === 'choice') return new Option(`${flag} <kind>`, words).choices(choices);
  if (kind === 'boolean') return new Option(flag, words);
  const schema = methodNames.map((method) => methodOf(method).settings.shape[name]).find(Boolean);
  if (schema === undefined) throw new RangeError(`No method has a setting '${name}'.`);
  return new Option(`${flag} <${kind === 'integer' ? 'n' : 'x'}>`, words).argParser((text) => {
    const parsed = z.safeParse(schema, text.trim() === '' ? Number.NaN : Number(text));
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(parsed.error.issues.map(({ message }) => message).join('; '));
  });
}

const presetNames = (): string[] => [
  ...new Set(methodNames.flatMap((method) => methodOf(method).presets.map(({ name }) => name))),
];

function describeDefault(name: string, methods: readonly MethodName[], start: 'scratch' | 'model'): string {
  const values = new Map<string, MethodName[]>();
  for (const method of methods) {
    const value = String(presetFor(method, start).settings[name]);
    values.set(value, [...(values.get(value) ?? []), method]);
  }
  const words = [...values].map(([value, own]) =>
    values.size === 1 ? value : `${value} for ${own.join(', ')}`,
  );
  return `(default: ${words.join('; ')})`;
}

const flagOf = (name: string) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** A field's help as an option's: no capital, no full stop. */
const sentence = (help: string) => help.charAt(0).toLowerCase() + help.slice(1).replace(/\.$/, '');
