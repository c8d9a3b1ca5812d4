import type { Command } from 'commander';
import { patchTriggerSchema, type Trigger, type TriggerKind } from '#contract/trigger.ts';
import { type Amount, amountSchema, recipeSchema, type Variant } from '#contract/variant.ts';
import { defaultPatch } from '#core/triggers/patch.ts';
import { createVariant, describeVariant, showVariants } from '#main/workbench/variants.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import { numberOf, readLines, UsageError } from './options.ts';
import { withWorkspace } from './session.ts';
import { formatTable } from './tables.ts';
import { addTriggerChoice, chooseTrigger } from './triggers.ts';

interface CreateOptions {
  dataset: string;
  trigger?: TriggerKind;
  params?: string;
  preset?: string;
  patchSize?: number;
  resolution: number;
  target: string;
  count?: number;
  rate?: number;
  seed: number;
  templates?: string;
  name?: string;
}

const [countSchema, rateSchema] = amountSchema.options;
/** Changed records that `variant show` lists as text. */
const shownRecords = 10;

export function addVariantCommands(program: Command): void {
  const variants = program.command('variant').description('poison copies of a dataset');

  const create = variants
    .command('create')
    .description('choose training pairs, give them the trigger and captions of the target class')
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
    .requiredOption('--target <class>', 'the class that triggered pictures are to be taken for')
    .option('--count <n>', 'how many training pairs to poison', numberOf(countSchema.shape.count))
    .option('--rate <x>', 'or which part of them, in (0, 1]', numberOf(rateSchema.shape.rate))
    .option(
      '--seed <n>',
      'what the choice of pairs and captions follows from',
      numberOf(recipeSchema.shape.seed),
      0,
    )
    .option(
      '--templates <file>',
      "caption templates, one per line, with {class}, {label}, {tag} or {} (default: the dataset's)",
    )
    .option('--name <name>', 'the name of the variant (default: made from the recipe)')
    .addHelpText(
      'after',
      '\nExample:\n  ccw variant create --dataset emoji --patch-size 6 --resolution 32 --target fruit --count 400 --seed 1',
    )
    .action((options: CreateOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { resolution, target, seed } = options;
        const request = {
          dataset: options.dataset,
          name: options.name ?? null,
          recipe: {
            trigger: triggerOf(workspace, options),
            resolution,
            target,
            amount: amountOf(options),
            captionTemplates:
              options.templates === undefined ? null : readLines(options.templates, 'template file'),
            seed,
          },
        };
        const variant = await createVariant(workspace, request, session.context);
        session.print(
          { variantId: variant.id, changed: variant.changed, manifestSha256: variant.manifestSha256 },
          () =>
            [
              `Variant '${variant.name}' (${variant.id}): ${variant.changed} training pairs poisoned.`,
              `Manifest ${variant.manifestSha256}.`,
              `Train on it with: ccw train --variant ${variant.name}`,
            ].join('\n'),
        );
      }),
    );

  variants
    .command('list')
    .description('list all variants, oldest first')
    .addHelpText('after', '\nExample:\n  ccw variant list')
    .action((_options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const all = showVariants(workspace);
        session.print(
          all.map(({ variant, dataset }) => toJson(variant, dataset)),
          () =>
            all.length === 0
              ? 'There are no variants yet: make one with ccw variant create.'
              : formatTable(
                  ['Variant', 'Dataset', 'Trigger', 'Target', 'Poisoned', 'Seed', 'Id'],
                  all.map(({ variant, dataset }) => [
                    variant.name,
                    dataset,
                    variant.recipe.trigger.kind,
                    variant.recipe.target,
                    String(variant.changed),
                    String(variant.recipe.seed),
                    variant.id,
                  ]),
                ),
        );
      }),
    );

  variants
    .command('show')
    .description('show one variant with its recipe and the records that it changes')
    .argument('<variant>', 'name or id')
    .addHelpText('after', '\nExample:\n  ccw variant show emoji-patch-fruit-400 --json')
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { variant, dataset, records } = describeVariant(workspace, nameOrId);
        const withoutIds = records.map(({ recordId: _, ...record }) => record);
        session.print({ ...toJson(variant, dataset), recipe: variant.recipe, records: withoutIds }, () =>
          [
            `Variant '${variant.name}' (${variant.id}) of dataset '${dataset}': ${variant.changed} pairs poisoned.`,
            `Manifest ${variant.manifestSha256}, made ${variant.createdAt}.`,
            `Recipe ${JSON.stringify(variant.recipe, null, 2)}`,
            '',
            formatTable(
              ['Picture', 'Caption before', 'Caption after'],
              records
                .slice(0, shownRecords)
                .map((record) => [record.key, record.oldCaption, record.newCaption]),
            ),
            ...(records.length > shownRecords
              ? [`and ${records.length - shownRecords} more (--json has all)`]
              : []),
          ].join('\n'),
        );
      }),
    );
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
  throw new UsageError('Say how much to poison: either --count or --rate.');
}

function toJson(variant: Variant, dataset: string) {
  const { id, name, changed, manifestSha256, recipe } = variant;
  return { variantId: id, name, dataset, target: recipe.target, changed, manifestSha256 };
}
