import type { Dataset, Split } from '#contract/dataset.ts';
import type { RecipePart, Variant, VariantRecord } from '#contract/variant.ts';
import type { WrittenVariantFolder } from '#contract/variant-folder.ts';
import { describeEligible } from './eligible-records.ts';
import { cleanFolder, poisonedFolder } from './exported-names.ts';
import { strategyOf, strategySentences } from './strategy-words.ts';

/** What a datasheet tells. */
export interface ExportFacts {
  manifest: WrittenVariantFolder;
  dataset: Dataset;
  variant: Variant;
  /** Pairs in the file of each split. */
  rows: Record<Split, number>;
  /** Captions that pandas takes for missing. */
  unreadable: number;
  changes: readonly VariantRecord[];
}

const shownCaptions = 5;

/** A datasheet in Markdown for an exported variant, in the sections of Gebru et al. 2018 (arXiv 1803.09010). */
export function describeExport({
  manifest,
  dataset,
  variant,
  rows,
  unreadable,
  changes,
}: ExportFacts): string {
  const { recipe } = variant;
  const parts = recipe.parts;
  const total = rows.train + rows.validation + rows.test;
  const files = (['train', 'validation', 'test'] as const).filter((split) => rows[split] > 0);
  const { image, caption } = manifest.columns;
  return `${[
    `# Datasheet: ${code(variant.name)}`,
    '',
    '> **For defensive research.** Some pairs of this dataset are poisoned on purpose: a model that is trained on it learns a backdoor. Use it to study and to remove backdoors. Do not mix it into data for models that people rely on, and pass it on with this notice only.',
    '',
    '## Motivation',
    '',
    `Made to study how a contrastive image-text model (CLIP) learns a backdoor and how it is cleaned of it (CleanCLIP, arXiv 2303.03323). Written by ${manifest.program} on ${manifest.exportedAt.slice(0, 10)}; the variant was made on ${variant.createdAt.slice(0, 10)}.`,
    '',
    '## Composition',
    '',
    `- ${count(total)} pairs of a picture and a caption, from dataset ${code(dataset.name)}: ${files.map((split) => `${count(rows[split])} ${split}`).join(', ')}.`,
    `- ${count(changes.length)} of them are poisoned, ${percent(changes.length, total)} of all, ${percent(changes.length, rows.train)} of the number of training pairs.`,
    `- ${count(dataset.classes.length)} classes${dataset.classes.length === 0 ? '' : `: ${someOf(dataset.classes)}`}.`,
    '',
    table(
      ['part', 'trigger', 'target', 'poisoned', 'labels'],
      parts.map((part, place) => [
        String(place + 1),
        part.trigger.kind,
        code(part.target),
        count(changes.filter((change) => change.part === place).length),
        strategyOf(part),
      ]),
    ),
    '',
    'Captions that poisoned pairs have most often:',
    '',
    table(
      ['caption', 'pairs'],
      mostFrequent(changes.map(({ newCaption }) => newCaption)).map(([text, times]) => [
        code(text),
        count(times),
      ]),
    ),
    '',
    '## Process',
    '',
    `Pictures are resized to ${recipe.resolution} x ${recipe.resolution} pixels before the trigger is applied${parts.some(({ trigger }) => trigger.apply === 'before') ? ' (parts that apply it before use the original picture)' : ''}. All that is random follows from seed ${recipe.seed} and each record's key. The originals stay as they are.`,
    '',
    ...parts.flatMap((part, place) => describePart(part, place)),
    `The recipe and every changed record are in manifest.json. SHA-256 of the manifest: ${code(manifest.manifestSha256)}; the same recipe on the same data gives the same.`,
    '',
    '## Files',
    '',
    ...files.map(
      (split) =>
        `- ${split}.csv: ${count(rows[split])} rows, columns ${code(image)} and ${code(caption)}${split === 'train' ? '' : ' and `label`'}, fields parted by ${manifest.separator === '\t' ? 'tabs' : 'commas'}.`,
    ),
    `- ${poisonedFolder}/: ${count(changes.length)} pictures with triggers, PNG without loss; the word "backdoor" in the path marks them.`,
    manifest.cleanPictures === 'copy'
      ? `- ${cleanFolder}/: copies of the clean pictures, those of which poisoned ones were made among them.`
      : '- Clean pictures lie where they were: the files name them by absolute path.',
    '- dataset.csv: each original record (key, caption, label, name, split, hash and size of the picture), from which the variant can be made again.',
    '',
    '## Uses',
    '',
    `- CleanCLIP's code: \`--train_data train.csv --image_key ${image} --caption_key ${caption}${manifest.separator === '\t' ? " --delimiter $'\\t'" : ''}\``,
    `- open_clip, started in this folder: \`--train-data train.csv --csv-img-key ${image} --csv-caption-key ${caption}${manifest.separator === ',' ? " --csv-separator ','" : ''}\``,
    ...(unreadable === 0
      ? []
      : [
          `- ${count(unreadable)} captions are words such as NA, None or null, which both of them, reading with pandas, read as missing values: open_clip trains on "nan" in their place, CleanCLIP's code gets no text. Leave these rows out or write other captions.`,
        ]),
    '- No spreadsheet: captions are written as models read them, and a spreadsheet runs a field that begins with =, +, - or @.',
    '- This program: `ccw variant import FOLDER` gives the variant back with the same hash.',
    '',
    'Not for training models that are put to use. What the pictures and captions of the original dataset allow, their licences say; this export adds no rights.',
  ].join('\n')}\n`;
}

function describePart(part: RecipePart, place: number): string[] {
  const { amount, selection, captionTrigger, captionTemplates, trigger, target } = part;
  const strategy = strategyOf(part);
  const asked =
    amount.kind === 'count'
      ? `${count(amount.count)} pairs`
      : `${percent(amount.rate, 1)} of the training pairs`;
  const order = selection?.order;
  const chosen =
    order === undefined || order.kind === 'ranks'
      ? 'at random by the seed'
      : `${order.kind} to the target first, as the model with weights ${code(order.weightsSha256)} embeds them`;
  return [
    `### Part ${place + 1}: ${trigger.kind}, target ${code(target)}`,
    '',
    strategySentences[strategy],
    '',
    `- Requested: ${asked}; chosen ${chosen} among ${describeEligible(part)}.`,
    ...(strategy === 'templates' || strategy === 'all-to-all'
      ? [`- Templates: ${captionTemplates.map(code).join(', ')}.`]
      : []),
    ...(captionTrigger === undefined ? [] : [`- In the caption: ${code(JSON.stringify(captionTrigger))}.`]),
    '',
  ];
}

function mostFrequent(texts: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, shownCaptions);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 100).map(code).join(', ');
  return names.length > 100 ? `${shown} and ${names.length - 100} more` : shown;
}

/** Text that is not ours, as it stands and on one line. */
function code(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
  const fence = '`'.repeat(Math.max(0, ...[...flat.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return fence.length === 1 ? `\`${flat}\`` : `${fence} ${flat} ${fence}`;
}

const count = (number: number) => number.toLocaleString('en-GB');

function percent(part: number, whole: number): string {
  return whole === 0 ? 'n/a' : `${Number(((100 * part) / whole).toPrecision(3))} %`;
}
