import { relative } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { listFirst } from '#core/list-first.ts';
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
import { besideRoot, classesAt, otherFile, rootOf, splitsInside, topsOf } from './folder-layout.ts';
import {
  annotationsOf,
  countCaptioned,
  foldersInside,
  type Layout,
  type Placed,
  placesOf,
} from './placed-files.ts';

/** One folder per class. */
export const classFolders: ReaderDefinition = {
  label: 'one folder per class',
  async recognise(looked) {
    if (!looked.isFolder) return null;
    const root = rootOf(looked.path);
    const { splits, others } = topsOf(root);
    const names = folderNames(root);
    // Folders such as train/ and images/, and those without pictures, are no classes, where there are no others.
    if (classesAt(root, 1).length === 0) return null;
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

/** Whether all pictures of a folder lie in one folder, which says nothing where a table lists them. */
export const isOneClass = ({ path }: Looked): boolean => classesAt(rootOf(path), 2).length < 2;

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
      const files = [...placesOf(root, layout, looked.path)];
      const test = testKeys(files, options);
      let done = 0;
      let passed = 0;
      const inside = layout === 'splits-inside' ? new Set<string>() : foldersInside(files);
      const captioned = countCaptioned(files);
      const classes = new Set<string>();
      for (const { key, place } of files) {
        if (signal?.aborted) return;
        done += 1;
        onProgress({ done, total: files.length, unit: 'files' });
        if (typeof place === 'string') {
          yield skipped(key, place);
          continue;
        }
        if (otherFile.test(key)) {
          passed += 1;
          yield skipped(key, 'cannot be decoded as a picture: its name says that it is none');
          continue;
        }
        classes.add(place.label);
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
      const annotated = [...topsOf(root).names].flatMap(
        ([name, split]) => (layout === 'splits' ? annotationsOf(root, name, split, looked.path) : null) ?? [],
      );
      if (annotated.length > 0)
        yield note(
          'layout',
          `Pictures of a split that lie in no class folder have their classes from ${annotated.map((path) => relative(looked.path, path)).join(', ')}.`,
        );
      const aside = besideRoot(looked.path, root);
      if (aside.length > 0) {
        yield note(
          'other-files',
          `Only ${relative(looked.path, root)}/ is read; beside it ${aside.length === 1 ? 'lies' : 'lie'} ${listFirst(aside, 6)}.`,
          aside.length,
        );
      }
      const empty = layout === 'classes' ? folderNames(root).filter((name) => !classes.has(name)) : [];
      if (empty.length > 0)
        yield note(
          'other-files',
          `Folders without pictures are no classes: ${listFirst(empty, 6)}.`,
          empty.length,
        );
      if (layout === 'classes' && classes.size === 1)
        yield note(
          'layout',
          `All pictures are of one class, '${[...classes][0]}', the name of their folder. If it is none, list the pictures with their captions or classes in a CSV file.`,
        );
      if (inside.size > 0) {
        yield note(
          'folders-no-classes',
          `Folders inside those of the classes (${listFirst([...inside], 3)}) are not classes. If they should be, import the folder that they lie in.`,
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
