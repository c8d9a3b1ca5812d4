import { basename, dirname, join } from 'node:path';
import type { Split } from '#contract/dataset.ts';
import { readRegularFileSync } from '../../files/open-regular-file.ts';
import { fileNames, folderNames, hasPictureName, listFolder, walkFiles } from '../look.ts';
import { splitNamed } from '../split-names.ts';
import { container, insideOf, topsOf } from './folder-layout.ts';

/** A file with its class and split, or the reason why it has none. */
export interface Placed {
  key: string;
  place: { label: string; split: Split } | string;
}

/** How the folders at the top are understood. */
export type Layout = 'classes' | 'splits' | 'splits-inside';

export function* placesOf(root: string, layout: Layout): Generator<Placed, void> {
  const { names, splits, flat } = topsOf(root);
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
    } else if (known.includes(name)) yield* inSplit(root, name, names.get(name) ?? 'train');
    else {
      const words = known.map((one) => `${one}/`).join(', ');
      yield { key: name, place: `is a folder beside ${words}: only the splits are read` };
    }
  }
}

function* inSplit(root: string, name: string, split: Split): Generator<Placed, void> {
  const folder = insideOf(root, name);
  const classes = readAnnotations(join(root, name));
  for (const { name: inner, isFolder } of listFolder(join(root, folder))) {
    const key = `${folder}/${inner}`;
    const label = classes.get(inner);
    if (isFolder) yield* placed(root, key, { label: inner, split });
    else if (label !== undefined) yield { key, place: { label, split } };
    else yield { key, place: 'is in no class folder' };
  }
}

const mostAnnotationBytes = 64 * 1024 ** 2;

/** Classes by file name, as Tiny ImageNet has them in val/val_annotations.txt: a name, a tab, a class, and a box. */
function readAnnotations(folder: string): ReadonlyMap<string, string> {
  const file = fileNames(folder).find((name) => /annotations?\.txt$/i.test(name));
  if (file === undefined) return new Map();
  const text = readRegularFileSync(join(folder, file), mostAnnotationBytes).toString('utf8');
  return new Map(
    text.split(/\r\n|\r|\n/).flatMap((line) => {
      const [name = '', label = ''] = line.split('\t');
      return name === '' || label === '' ? [] : [[name, label.trim()] as const];
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
