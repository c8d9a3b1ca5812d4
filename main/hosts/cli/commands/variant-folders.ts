import { type Command, Option } from 'commander';
import { exportVariant } from '#main/workbench/variants/export-variant.ts';
import { importVariant } from '#main/workbench/variants/import-variant.ts';
import { type VariantCheck, verifyVariant } from '#main/workbench/variants/verify-variant.ts';
import { withWorkspace } from '../session.ts';
import { formatTable } from '../tables.ts';

/** Mismatches that are listed as text. */
const shownMismatches = 20;

interface ExportOptions {
  out: string;
  cleanPictures: 'copy' | 'reference';
  paths: 'relative' | 'absolute';
  imageColumn: string;
  captionColumn: string;
  separator: 'comma' | 'tab';
}

/** `variant verify`, `variant export` and `variant import`. */
export function addVariantFolders(variants: Command): void {
  variants
    .command('verify')
    .description('make every changed record again and compare it with the manifest')
    .argument('<variant>', 'name or id')
    .addHelpText(
      'after',
      '\nExits with 1 where anything differs.\n\nExample:\n  ccw variant verify emoji-patch-fruit-400',
    )
    .action((nameOrId: string, _options, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const check = await verifyVariant(workspace, nameOrId, session.context);
        const { variant, ...result } = check;
        session.print({ variantId: variant.id, manifestSha256: variant.manifestSha256, ...result }, () =>
          formatCheck(check),
        );
        if (!check.ok) process.exitCode = 1;
      }),
    );

  variants
    .command('export')
    .description('write a folder that the reference implementation and open_clip read')
    .argument('<variant>', 'name or id')
    .requiredOption('--out <folder>', 'the folder to write; it must not exist, or be empty')
    .addOption(
      new Option('--clean-pictures <how>', 'copy them into the folder, or name them where they are')
        .choices(['reference', 'copy'])
        .default('reference'),
    )
    .addOption(
      new Option(
        '--paths <how>',
        'how pictures in the folder are named: relative to it (open_clip must then be started there), or absolute',
      )
        .choices(['relative', 'absolute'])
        .default('relative'),
    )
    .option('--image-column <name>', 'name of the column of pictures', 'image')
    .option('--caption-column <name>', 'name of the column of captions', 'caption')
    .addOption(
      new Option('--separator <name>', 'separator of the fields').choices(['comma', 'tab']).default('comma'),
    )
    .addHelpText(
      'after',
      `
The folder gets train.csv (validation.csv, test.csv), the pictures with triggers under
backdoor_images/ (the reference recognises poison by that word), manifest.json and datasheet.md.
The reference reads train.csv with --image_key image --caption_key caption, open_clip with
--csv-img-key image --csv-caption-key caption --csv-separator ','.

Examples:
  ccw variant export emoji-patch-fruit-400 --out exported --clean-pictures copy
  ccw variant export emoji-patch-fruit-400 --out for-open-clip --image-column filepath --caption-column title --separator tab --paths absolute`,
    )
    .action((nameOrId: string, { out, separator, ...options }: ExportOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { variant, folder, rows, poisoned } = await exportVariant(
          workspace,
          { ...options, variant: nameOrId, folder: out, separator: separator === 'tab' ? '\t' : ',' },
          session.context,
        );
        session.print(
          { variantId: variant.id, folder, rows, poisoned, manifestSha256: variant.manifestSha256 },
          () =>
            [
              `Variant '${variant.name}': ${folder}`,
              `${rows.train} training pairs, ${rows.validation} of validation, ${rows.test} of test; ${poisoned} are poisoned.`,
              `Manifest ${variant.manifestSha256}.`,
            ].join('\n'),
        );
      }),
    );

  variants
    .command('import')
    .description('bring back a variant from a folder that variant export wrote')
    .argument('<folder>', 'the folder')
    .option(
      '--dataset <dataset>',
      "name or id of the dataset that it is of (default: the folder's own is made)",
    )
    .option('--name <name>', 'the name of the variant (default: as it was exported)')
    .addHelpText(
      'after',
      '\nExamples:\n  ccw variant import exported\n  ccw variant import exported --dataset emoji --name again',
    )
    .action(
      (
        folder: string,
        { dataset = null, name = null }: { dataset?: string | null; name?: string | null },
        command: Command,
      ) =>
        withWorkspace(command, async (session, workspace) => {
          const variant = await importVariant(workspace, { folder, dataset, name }, session.context);
          const { id, datasetId, changed, manifestSha256 } = variant;
          session.print({ variantId: id, name: variant.name, datasetId, changed, manifestSha256 }, () =>
            [
              `Variant '${variant.name}' (${id}): ${changed} pairs poisoned.`,
              `Manifest ${manifestSha256}, as it was exported.`,
            ].join('\n'),
          );
        }),
    );
}

function formatCheck({ variant, records, ok, mismatches }: VariantCheck): string {
  if (ok) {
    return `Variant '${variant.name}': all ${records} records come out as its manifest says (${variant.manifestSha256}).`;
  }
  const rows = mismatches
    .slice(0, shownMismatches)
    .map(({ key, what, expected, found }) => [key ?? 'the manifest', what, expected, found]);
  return [
    `Variant '${variant.name}' does not come out as its manifest says: ${mismatches.length} ${mismatches.length === 1 ? 'difference' : 'differences'} in ${records} records.`,
    formatTable(['Record', 'What', 'Expected', 'Found'], rows),
    ...(mismatches.length > shownMismatches
      ? [`and ${mismatches.length - shownMismatches} more (--json has all)`]
      : []),
    'Put the changed pictures back as they were, or make the variant again.',
  ].join('\n');
}
