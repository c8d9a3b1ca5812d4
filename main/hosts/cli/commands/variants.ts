import type { Command } from 'commander';
import type { Variant } from '#contract/variant.ts';
import { describeVariant, removeVariant, showVariants } from '#main/workbench/variants/variants.ts';
import { withWorkspace } from '../session.ts';
import { formatTable } from '../tables.ts';
import { addVariantCreate } from './variant-create.ts';
import { addVariantFolders } from './variant-folders.ts';

/** Changed records that `variant show` lists as text. */
const shownRecords = 10;

export function addVariantCommands(program: Command): void {
  const variants = program.command('variant').description('poison copies of a dataset');

  addVariantCreate(variants);

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
                    variant.recipe.parts.map(({ trigger }) => trigger.kind).join(', '),
                    variant.recipe.parts.map(({ target }) => target).join(', '),
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
              ['Picture', 'Part', 'Caption before', 'Caption after'],
              records
                .slice(0, shownRecords)
                .map(({ key, part, oldCaption, newCaption }) => [
                  key,
                  String(part + 1),
                  oldCaption,
                  newCaption,
                ]),
            ),
            ...(records.length > shownRecords
              ? [`and ${records.length - shownRecords} more (--json has all)`]
              : []),
          ].join('\n'),
        );
      }),
    );

  addVariantFolders(variants);

  variants
    .command('remove')
    .description('remove a variant that no run and no evaluation uses; its dataset stays as it is')
    .argument('<variant>', 'name or id')
    .addHelpText('after', '\nExample:\n  ccw variant remove emoji-patch-fruit-400')
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { variant } = removeVariant(workspace, nameOrId);
        const { id, name, changed, manifestSha256 } = variant;
        session.print(
          { variantId: id, name, changed, manifestSha256 },
          () => `Removed variant '${name}' (${id}), which changed ${changed} pairs.`,
        );
      }),
    );
}

function toJson(variant: Variant, dataset: string) {
  const { id, name, changed, manifestSha256, recipe } = variant;
  return { variantId: id, name, dataset, target: recipe.parts[0].target, changed, manifestSha256 };
}
