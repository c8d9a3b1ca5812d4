import { join } from 'node:path';
import type { Split } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { chooseTestItems } from '#core/split-by-class.ts';
import { chooseTemplate } from '../importing/choose-template.ts';
import { nameClass } from './class-names.ts';
import { folderNames, hasPictureName, holdsPictures, type Looked, listFolder, walkFiles } from './look.ts';
import { note, type ReaderDefinition, type ReaderOptions, type Reading, skipped } from './reader.ts';
import { splitNamed } from './split-names.ts';

/** A file with its class and split, or the reason why it has none. */
interface Placed {
  key: string;
  place: { label: string; split: Split } | string;
}

/** How the folders at the top are understood. */
type Layout = 'classes' | 'splits' | 'splits-inside';

interface Tops {
  /** Names at the top that are splits, with folders inside. */
  splits: string[];
  /** Names of splits without folders inside: no classes can be in them. */
  flat: string[];
  others: string[];
}

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

/** A lone folder with pictures that holds two folders or more, or splits, is only a wrapper. */
function rootOf(path: string): string {
  const entries = listFolder(path);
  if (entries.some(({ name, isFolder }) => !isFolder && hasPictureName(name))) return path;
  const folders = entries.filter(({ isFolder }) => isFolder).map(({ name }) => name);
  const [only, another] = folders.length > mostWrapped ? folders : withPictures(path, folders);
  if (only === undefined || another !== undefined || splitNamed(only) !== null) return path;
  const inner = join(path, only);
  const insides = listFolder(inner);
  if (insides.some(({ name, isFolder }) => !isFolder && hasPictureName(name))) return path;
  const names = insides.filter(({ isFolder }) => isFolder).map(({ name }) => name);
  const isWrapper =
    names.length >= 2 || names.some((name) => splitNamed(name) !== null) || container.test(only);
  return isWrapper && names.length > 0 ? rootOf(inner) : path;
}

/** Beside a wrapper lie few folders. */
const mostWrapped = 20;

/** The first two of a folder's folders that have pictures. */
function withPictures(path: string, folders: readonly string[]): string[] {
  const found: string[] = [];
  for (const name of folders) {
    if (found.length < 2 && holdsPictures(join(path, name))) found.push(name);
  }
  return found;
}

function topsOf(root: string): Tops {
  const tops: Tops = { splits: [], flat: [], others: [] };
  for (const name of folderNames(root)) {
    if (splitNamed(name) === null) tops.others.push(name);
    else if (folderNames(join(root, name)).length > 0) tops.splits.push(name);
    else tops.flat.push(name);
  }
  // Without any that has classes inside, a folder named train is a class among classes.
  if (tops.splits.length === 0)
    return { splits: [], flat: [], others: [...tops.flat, ...tops.others].sort() };
  return tops;
}

/** Whether every folder at the top has splits, and nothing else, inside. */
function splitsInside(root: string): boolean {
  const names = folderNames(root);
  return (
    names.length > 0 &&
    names.every((name) => {
      const inner = listFolder(join(root, name));
      return (
        splitNamed(name) === null &&
        inner.length > 0 &&
        inner.every((entry) => entry.isFolder && splitNamed(entry.name) !== null)
      );
    })
  );
}

const isClassName = (name: string): boolean => splitNamed(name) === null && !container.test(name);

/** Folders that hold pictures of all kinds; those of our own exports among them. */
const container =
  /^(images?|imgs?|pictures?|photos?|pics|jpe?gs?|jpegimages|data|dataset|files|(train|validation|test)-\d+)$/i;

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
    async *items(signal, onProgress) {
      const files = [...placesOf(root, layout)];
      const test = testKeys(files, options);
      let done = 0;
      let passed = 0;
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
      if (passed > 0)
        yield note('other-files', `${passed} files that are no pictures were left out.`, passed);
    },
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
  `Each folder is taken as a class. ${Number((share * 100).toFixed(2))} % of each class, drawn with seed ${seed}, are test pairs, the rest training pairs.`;

const layoutWords: Record<Layout, string> = {
  classes:
    'Each folder is taken as a class, all of it as training pairs: nothing can be measured on it. A test share sets some of each class aside.',
  splits: 'The folders at the top are taken as splits, those inside as classes.',
  'splits-inside': 'The folders at the top are taken as classes, those inside as splits.',
};

function* placesOf(root: string, layout: Layout): Generator<Placed, void> {
  const { splits, flat } = topsOf(root);
  const known = [...splits, ...flat].sort();
  for (const { name, isFolder } of listFolder(root)) {
    if (!isFolder) {
      yield { key: name, place: 'is in no class folder' };
      continue;
    }
    if (layout === 'classes') yield* placed(root, name, { label: name, split: 'train' });
    else if (layout === 'splits-inside') {
      for (const inner of folderNames(join(root, name))) {
        yield* placed(root, `${name}/${inner}`, { label: name, split: splitNamed(inner) ?? 'train' });
      }
    } else if (known.includes(name)) yield* inSplit(root, name);
    else {
      const words = known.map((one) => `${one}/`).join(', ');
      yield { key: name, place: `is a folder beside ${words}: only the splits are read` };
    }
  }
}

function* inSplit(root: string, name: string): Generator<Placed, void> {
  const split = splitNamed(name) ?? 'train';
  const folder = insideOf(root, name);
  for (const { name: inner, isFolder } of listFolder(join(root, folder))) {
    const key = `${folder}/${inner}`;
    if (isFolder) yield* placed(root, key, { label: inner, split });
    else yield { key, place: 'is in no class folder' };
  }
}

/** A split's folder; where it holds nothing but a folder of the same split's name or for pictures, that. */
function insideOf(root: string, folder: string): string {
  const entries = listFolder(join(root, folder));
  const [only] = entries;
  if (only === undefined || entries.length !== 1 || !only.isFolder) return folder;
  const own = folder.split('/').at(-1) ?? '';
  const isSame = splitNamed(only.name) !== null && splitNamed(only.name) === splitNamed(own);
  return isSame || container.test(only.name) ? insideOf(root, `${folder}/${only.name}`) : folder;
}

function* placed(
  root: string,
  folder: string,
  place: { label: string; split: Split },
): Generator<Placed, void> {
  for (const { key, loops } of walkFiles(root, folder)) {
    yield { key, place: loops ? 'is a link to a folder that it lies in' : place };
  }
}
