import { relative } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { chooseTestItems } from '#core/split-by-class.ts';
import { chooseTemplate } from '../../importing/choose-template.ts';
import { nameClass } from '../class-names.ts';
import { folderNames, type Looked, listFolder } from '../look.ts';
import {
  inBatches,
  note,
  type ReaderDefinition,
  type ReaderOptions,
  type Reading,
  skipped,
} from '../reader.ts';
import { besideRoot, isClassName, rootOf, splitsInside, topsOf } from './folder-layout.ts';
import { countCaptioned, foldersInside, type Layout, type Placed, placesOf } from './placed-files.ts';

/** One folder per class. */
export const classFolders: ReaderDefinition = {
  label: 'one folder per class',
  async recognise(looked) {
    if (!looked.isFolder) return null;
    const root = rootOf(looked.path);
    const { splits, others } = topsOf(root);
    const names = folderNames(root);
    // Folders such as train/ and images/ are no classes, where there are no others.
    if (!names.some(isClassName)) return null;
    const why = `each of its ${names.length} folders is a class`;
    if (splits.length === 0) return { fit: 'sure', why };
    return others.length === 0 ? null : { fit: 'plausible', why: `${why}, also ${splits.join(', ')}` };
  },
  open: (looked, options) => open(looked, options, 'classes'),
};

/** train/, val/ and test/ with one folder per class inside, as ImageNet has them; or one such set in each class's folder. */
export const splitFolders: ReaderDefinition = {
  label: 'folders of splits with one folder per class inside',
  async recognise(looked) {
    if (!looked.isFolder) return null;
    const root = rootOf(looked.path);
    const { splits, flat, others } = topsOf(root);
    if (splitsInside(root)) return { fit: 'sure', why: 'each of its folders has splits inside' };
    if (splits.length === 0) return null;
    const why = `${[...splits, ...flat].join(', ')} are splits`;
    return others.length === 0
      ? { fit: 'sure', why }
      : { fit: 'plausible', why: `${why}; ${others.join(', ')} would be left out` };
  },
  open: (looked, options) =>
    open(looked, options, splitsInside(rootOf(looked.path)) ? 'splits-inside' : 'splits'),
};

/** Whether splits are the reading to put first: where they are the larger part of the folders. */
export function splitsComeFirst({ path }: Looked): boolean {
  const { splits, flat, others } = topsOf(rootOf(path));
  return splits.length + flat.length > others.length;
}

async function open(looked: Looked, options: ReaderOptions, layout: Layout): Promise<Reading> {
  if (options.templates.length === 0) {
    throw new WorkbenchError(
      'bad-input',
      'Captions need at least one template, for instance "a photo of a {}."',
    );
  }
  const root = rootOf(looked.path);
  listFolder(root);
  return {
    root,
    columns: null,
    batches: inBatches(async function* (signal, onProgress) {
      const files = [...placesOf(root, layout)];
      const test = testKeys(files, options);
      let done = 0;
      let passed = 0;
      const inside = layout === 'splits-inside' ? new Set<string>() : foldersInside(files);
      const captioned = countCaptioned(files);
      for (const { key, place } of files) {
        if (signal?.aborted) return;
        done += 1;
        onProgress({ done, total: files.length, unit: 'files' });
        if (typeof place === 'string') {
          yield skipped(key, place);
          continue;
        }
        if (/\.(txt|json|csv|md|xml|yaml|yml|py|zip|npy|db)$/i.test(key)) {
          passed += 1;
          yield skipped(key, 'cannot be decoded as a picture: its name says that it is none');
          continue;
        }
        const label = nameClass(options.names, place.label);
        const template = chooseTemplate(options.templates, key);
        const caption = fillTemplate(template, { class: label, label, tag: label });
        yield { kind: 'pair', row: key, key, caption, label, split: test.has(key) ? 'test' : place.split };
      }
      yield note('layout', options.test === undefined ? layoutWords[layout] : splitWords(options.test));
      yield note(
        'captions-made',
        `Captions are made from the classes: ${options.templates.slice(0, 3).join(' | ')}`,
      );
      const aside = besideRoot(looked.path, root);
      if (aside.length > 0) {
        yield note(
          'other-files',
          `Only ${relative(looked.path, root)}/ is read; beside it ${aside.length === 1 ? 'lies' : 'lie'} ${aside.slice(0, 6).join(', ')}${aside.length > 6 ? ' ...' : ''}.`,
          aside.length,
        );
      }
      if (inside.size > 0) {
        const [first = '', ...others] = inside;
        yield note(
          'folders-no-classes',
          `Folders inside those of the classes (${[first, ...others.slice(0, 2)].join(', ')}${inside.size > 3 ? ' ...' : ''}) are not classes. If they should be, import the folder that they lie in.`,
          inside.size,
        );
      }
      if (passed > 0)
        yield note(
          'other-files',
          passed === 1
            ? 'One file that is no picture was left out.'
            : `${passed} files that are no pictures were left out.`,
          passed,
        );
      if (captioned > 0) {
        yield note(
          'captions-not-read',
          `${captioned} pictures have a text of their name beside them, which is not read: --format captions-beside takes such texts as captions, and no classes.`,
          captioned,
        );
      }
    }),
  };
}

/** The files that become test pairs; none where the layout has splits of its own, which choosing a reading refuses. */
function testKeys(files: readonly Placed[], { test }: ReaderOptions): Set<string> {
  if (test === undefined) return new Set();
  const pictures = files.flatMap(({ key, place }) =>
    typeof place === 'string' ? [] : [{ key, label: place.label }],
  );
  return chooseTestItems(pictures, test.share, test.seed);
}

const splitWords = ({ share, seed }: { share: number; seed: number }): string =>
  `Each folder is a class. ${Number((share * 100).toFixed(2))} % of each class, drawn with seed ${seed}, become test pairs; the rest are training pairs.`;

const layoutWords: Record<Layout, string> = {
  classes:
    'Each folder is a class, and all pairs are training pairs, so nothing can be measured. A test share sets some of each class aside.',
  splits: 'The top folders are splits; the folders inside them are classes.',
  'splits-inside': 'The top folders are classes; the folders inside them are splits.',
};
