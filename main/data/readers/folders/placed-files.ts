import { basename, dirname, join, relative, sep } from 'node:path';
import type { Split } from '#contract/dataset.ts';
import { exportStateFile } from '#main/data/export/export-state-file.ts';
import { readRegularFileSync } from '../../files/open-regular-file.ts';
import { fileNames, folderNames, hasPictureName, listFolder, walkFiles } from '../look.ts';
import { splitInName, splitNamed } from '../split-names.ts';
import { container, insideOf, topsOf } from './folder-layout.ts';

/** A file with its class and split, or the reason why it has none. */
export interface Placed {
  key: string;
  place: { label: string; split: Split } | string;
}

/** How the folders at the top are understood. */
export type Layout = 'classes' | 'splits' | 'splits-inside';

/** @param given the folder that was named: what lies between it and the root may have the classes of a split's pictures */
export function* placesOf(root: string, layout: Layout, given: string): Generator<Placed, void> {
  const { names, splits, flat } = topsOf(root);
  const known = [...splits, ...flat].sort();
  for (const { name, isFolder } of listFolder(root)) {
    if (!isFolder) {
      if (name !== exportStateFile) yield { key: name, place: 'is in no class folder' };
      continue;
    }
    if (layout === 'classes') yield* placed(root, name, { label: name, split: 'train' });
    else if (layout === 'splits-inside') {
      for (const inner of folderNames(join(root, name))) {
        yield* placed(root, `${name}/${inner}`, { label: name, split: splitNamed(inner) ?? 'train' });
      }
    } else if (known.includes(name)) yield* inSplit(root, name, names.get(name) ?? 'train', given);
    else {
      const words = known.map((one) => `${one}/`).join(', ');
      yield { key: name, place: `is a folder beside ${words}: only the splits are read` };
    }
  }
}

function* inSplit(root: string, name: string, split: Split, given: string): Generator<Placed, void> {
  const folder = insideOf(root, name);
  const classes = readAnnotations(annotationsOf(root, name, split, given));
  for (const { name: inner, isFolder } of listFolder(join(root, folder))) {
    const key = `${folder}/${inner}`;
    const label = classes.get(inner) ?? classes.get(inner.replace(/\.[^.]+$/, ''));
    if (isFolder) yield* placed(root, key, { label: inner, split });
    else if (label !== undefined) yield { key, place: { label, split } };
    else yield { key, place: 'is in no class folder' };
  }
}

const mostAnnotationBytes = 64 * 1024 ** 2;

/**
 * The file with the classes of a split's pictures: Tiny ImageNet's val/val_annotations.txt in its folder, or Kaggle's
 * LOC_val_solution.csv of ImageNet above it.
 */
export function annotationsOf(root: string, name: string, split: Split, given: string): string | null {
  const own = fileNames(join(root, name)).find((one) => /annotations?\.txt$/i.test(one));
  if (own !== undefined) return join(root, name, own);
  if (!fileNames(join(root, insideOf(root, name))).some(hasPictureName)) return null;
  const parts = relative(given, root).split(sep);
  const folders = [given, ...parts.map((_, at) => join(given, ...parts.slice(0, at + 1)))];
  for (const folder of folders) {
    const found = fileNames(folder).find(
      (one) => /^LOC_\w+_solution\.csv$/i.test(one) && splitInName(one.replaceAll('_', '-')) === split,
    );
    if (found !== undefined) return join(folder, found);
  }
  return null;
}

/** Classes by file name: a name, a tab or comma, and a class; in Kaggle's file boxes behind it, and names without suffix. */
function readAnnotations(path: string | null): ReadonlyMap<string, string> {
  if (path === null) return new Map();
  const text = readRegularFileSync(path, mostAnnotationBytes).toString('utf8');
  const isTable = /\.csv$/i.test(path);
  return new Map(
    text.split(/\r\n|\r|\n/).flatMap((line) => {
      const [name = '', rest = ''] = line.split(isTable ? ',' : '\t');
      const label = isTable ? rest.trim().split(' ', 1)[0] : rest.trim();
      return name === '' || label === undefined || label === '' ? [] : [[name, label] as const];
    }),
  );
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
/** Folders of pictures inside those of the classes, where no class has pictures of its own beside them. */
export function foldersInside(files: readonly Placed[]): Set<string> {
  const inside = new Set<string>();
  for (const { key, place } of files) {
    if (typeof place === 'string' || !hasPictureName(key)) continue;
    const folder = dirname(key);
    if (basename(folder) === place.label) return new Set();
    if (!container.test(basename(folder))) inside.add(folder);
  }
  return inside.size > 1 ? inside : new Set();
}

/** Pictures with a text of the same name beside them. */
export function countCaptioned(files: readonly Placed[]): number {
  const texts = new Set(
    files.flatMap(({ key }) => (/\.(txt|caption)$/i.test(key) ? [key.replace(/\.[^./]+$/, '')] : [])),
  );
  if (texts.size === 0) return 0;
  return files.filter(
    ({ key, place }) =>
      typeof place !== 'string' &&
      hasPictureName(key) &&
      (texts.has(key) || texts.has(key.replace(/\.[^./]+$/, ''))),
  ).length;
}
