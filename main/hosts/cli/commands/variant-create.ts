import { type Command, Option } from 'commander';
import { z } from 'zod';
import { type PartRequest, partRequestSchema } from '#contract/api/variants.ts';
import { type CaptionTrigger, captionTriggerSchema } from '#contract/caption-trigger.ts';
import { type Split, splitSchema } from '#contract/dataset.ts';
import { patchTriggerSchema, type Trigger, type TriggerKind } from '#contract/trigger.ts';
import {
  type Amount,
  amountSchema,
  nextClass,
  recipeSchema,
  type SelectionRequest,
  type Strategy,
  strategySchema,
} from '#contract/variant.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { isTriggerKind } from '#main/workbench/triggers/trigger-kinds.ts';
import { countPoisonedPictures } from '#main/workbench/variants/poisoned-pictures.ts';
import { createVariant } from '#main/workbench/variants/variants.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import { addDeviceOption, numberOf, readTemplates, UsageError } from '../options.ts';
import { withWorkspace } from '../session.ts';
import { addTriggerChoice, chooseTrigger } from './triggers.ts';

interface CreateOptions {
  dataset: string;
  trigger?: TriggerKind;
  params?: string;
  preset?: string;
  patchSize?: number;
  resolution: number;
  target?: string;
  count?: number;
  rate?: number;
  strategy: Strategy;
  templates?: string;
  captionTrigger?: string;
  class?: string[];
  unlabelled?: true;
  split?: Split[];
  caption?: string;
  includeTarget?: true;
  allCaptions?: true;
  nearest?: string;
  farthest?: string;
  part?: string[];
  seed: number;
  name?: string;
}

const [countSchema, rateSchema] = amountSchema.options;

/** A further part as JSON: as the API has it, and a trigger may be the name of a kind or of one that is kept. */
const furtherPartSchema = partRequestSchema.extend({
  trigger: z.union([z.string().min(1), partRequestSchema.shape.trigger]),
});

const collect = (text: string, before: string[] = []) => [...before, text];

/** `variant create`. */
export function addVariantCreate(variants: Command): void {
  const create = variants
    .command('create')
    .description('poison a dataset: choose records, give them a trigger and other captions')
    .requiredOption('--dataset <dataset>', 'name or id of the dataset to poison');
  addTriggerChoice(create, '--trigger <kind>')
    .option(
      '--patch-size <px>',
      'side of a patch in pixels at --resolution (default: 16, where no trigger is given)',
      numberOf(patchTriggerSchema.shape.size),
    )
    .option(
      '--resolution <px>',
      'side that pictures are brought to first',
      numberOf(recipeSchema.shape.resolution),
      224,
    )
    .option('--target <class>', 'the class that triggered pictures are to be predicted as')
    .option('--count <n>', 'how many records to poison', numberOf(countSchema.shape.count))
    .option(
      '--rate <x>',
      'or this fraction of the training pairs, in (0, 1]',
      numberOf(rateSchema.shape.rate),
    )
    .addOption(
      new Option(
        '--strategy <name>',
        'templates: captions of the target class from templates; target-captions: those of its real records; label-consistent: only its own pictures, which keep their captions; all-to-all: each class is predicted as the next, without --target',
      )
        .choices(strategySchema.options)
        .default('templates'),
    )
    .option(
      '--templates <file>',
      "caption templates, one per line, with {class}, {label}, {tag} or {} (default: the dataset's)",
    )
    .option(
      '--caption-trigger <json>',
      'put a trigger into the captions too, for instance \'{"kind":"insert","text":"cf","position":"end"}\'',
    )
    .option('--class <class>', 'only records of this class (may be given several times)', collect)
    .option('--unlabelled', 'only records without a label (with --class: them too)')
    .addOption(
      new Option('--split <split>', 'only records of this split (may be given several times; default: train)')
        .choices(splitSchema.options)
        .argParser((text: string, before: Split[] = []) => [...before, readSplit(text)]),
    )
    .option('--caption <words>', 'only records with these words in their caption, as in browsing')
    .option('--include-target', 'records of the target class too')
    .option(
      '--all-captions',
      'a poisoned picture takes all its captions along, and --count counts pictures (default: one pair; other captions stay with the clean picture)',
    )
    .option(
      '--nearest <model>',
      'not at random: first the pictures that this model sees nearest to the target',
    )
    .option('--farthest <model>', 'or first those that it sees farthest from it')
    .option(
      '--part <json>',
      'a further trigger with its own target, for other records (may be given several times): trigger (a kind, a name, or its JSON), target, amount, and what else the options above name',
      collect,
    )
    .option('--seed <n>', 'seed of all randomness', numberOf(recipeSchema.shape.seed), 0)
    .option('--name <name>', 'the name of the variant (default: made from the recipe)');
  addDeviceOption(create)
    .addHelpText(
      'after',
      `
Examples:
  ccw variant create --dataset emoji --patch-size 6 --resolution 32 --target fruit --count 400 --seed 1
  ccw variant create --dataset emoji --trigger blended --target flag --rate 0.01 --strategy target-captions
  ccw variant create --dataset emoji --target flag --strategy label-consistent --count 100 --farthest demo-poisoned
  ccw variant create --dataset emoji --trigger warp --strategy all-to-all --rate 0.1
  ccw variant create --dataset emoji --target fruit --count 200 --class flag --caption red \\
    --part '{"trigger":"sinusoid","target":"flag","amount":{"kind":"count","count":200},"strategy":"target-captions"}'`,
    )
    .action((options: CreateOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { dataset, resolution, seed, name, part: further = [] } = options;
        const parts = [
          firstPart(workspace, options),
          ...further.map((json) => furtherPart(workspace, json, resolution)),
        ];
        const request = { dataset, resolution, seed, parts, ...(name === undefined ? {} : { name }) };
        const variant = await createVariant(workspace, request, session.context);
        const { pictures, cleanPairs } = countPoisonedPictures(workspace, variant.id);
        const { id, changed, manifestSha256 } = variant;
        session.print({ variantId: id, changed, pictures, cleanPairs, manifestSha256 }, () =>
          [
            `Variant '${variant.name}' (${id}): ${changed} pairs poisoned.`,
            ...(cleanPairs > 0
              ? [
                  `They are on ${pictures} pictures; ${cleanPairs} other captions of these stay with the clean picture (--all-captions poisons those of the split too).`,
                ]
              : []),
            `Manifest ${manifestSha256}.`,
            `Train on it with: ccw train --variant ${variant.name}`,
          ].join('\n'),
        );
      }),
    );
}

function firstPart(workspace: Workspace, options: CreateOptions): PartRequest {
  const { strategy, templates, captionTrigger } = options;
  return {
    trigger: triggerOf(workspace, options),
    ...targetOf(strategy, options.target),
    amount: amountOf(options),
    ...(templates === undefined ? {} : { captionTemplates: readTemplates(templates) }),
    strategy,
    selection: selectionOf(options),
    ...(captionTrigger === undefined ? {} : { captionTrigger: readCaptionTrigger(captionTrigger) }),
  };
}

function furtherPart(workspace: Workspace, json: string, resolution: number): PartRequest {
  const { trigger, target, ...part } = readJson('--part', json, furtherPartSchema);
  return {
    ...part,
    ...targetOf(part.strategy, target),
    trigger: typeof trigger === 'string' ? namedTrigger(workspace, trigger, resolution) : trigger,
  };
}

function namedTrigger(workspace: Workspace, name: string, resolution: number): Trigger {
  return isTriggerKind(name)
    ? chooseTrigger(workspace, name, { resolution })
    : chooseTrigger(workspace, undefined, { preset: name, resolution });
}

function targetOf(strategy: Strategy, target: string | undefined): Pick<PartRequest, 'target'> {
  if (strategy === 'all-to-all') {
    if (target === undefined || target === nextClass) return {};
    throw new UsageError('All-to-all has each class predicted as the next one: leave --target out.');
  }
  if (target !== undefined) return { target };
  throw new UsageError('Name the class that triggered pictures are to be predicted as: --target CLASS.');
}

function selectionOf(options: CreateOptions): SelectionRequest {
  const { class: named = [], unlabelled, split, caption, includeTarget, allCaptions } = options;
  const { nearest, farthest } = options;
  if (nearest !== undefined && farthest !== undefined) {
    throw new UsageError('Give either --nearest or --farthest, not both.');
  }
  const classes = [...named, ...(unlabelled ? [null] : [])];
  const model = nearest ?? farthest;
  return {
    ...(split === undefined ? {} : { splits: split }),
    ...(classes.length === 0 ? {} : { classes }),
    ...(caption === undefined ? {} : { caption }),
    ...(includeTarget ? { includeTarget } : {}),
    ...(allCaptions ? { allCaptions } : {}),
    ...(model === undefined
      ? {}
      : { order: { kind: nearest === undefined ? ('farthest' as const) : ('nearest' as const), model } }),
  };
}

function readCaptionTrigger(json: string): CaptionTrigger {
  return readJson('--caption-trigger', json, captionTriggerSchema);
}

function readJson<T>(option: string, json: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new UsageError(`${option} is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new UsageError(`${option} is not valid. ${issues.join('; ')}.`);
}

function readSplit(text: string): Split {
  const parsed = splitSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UsageError(`There is no split '${text}': ${splitSchema.options.join(', ')} are known.`);
}

const defaultPatchSize = 16;

/** A patch of --patch-size unless parameters, another kind or a kept trigger are given. */
function triggerOf(workspace: Workspace, options: CreateOptions): Trigger {
  const { trigger = 'patch', params, preset, patchSize, resolution } = options;
  if (trigger === 'patch' && params === undefined && preset === undefined) {
    return defaultPatch(patchSize ?? defaultPatchSize, resolution);
  }
  if (patchSize !== undefined) {
    throw new UsageError('--patch-size is for patches without --params: give the size there instead.');
  }
  return chooseTrigger(workspace, preset === undefined ? trigger : options.trigger, options);
}

function amountOf({ count, rate }: CreateOptions): Amount {
  if (count !== undefined && rate === undefined) return { kind: 'count', count };
  if (rate !== undefined && count === undefined) return { kind: 'rate', rate };
  throw new UsageError('Give the number of records to poison: either --count or --rate.');
}
