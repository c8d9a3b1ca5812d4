import { join, relative, sep } from 'node:path';
import type { Split } from '#contract/dataset.ts';
import { folderNames, hasPictureName, holdsPictures, listFolder, walkFiles } from '../look.ts';
import { splitInName, splitNamed, splitsAmong } from '../split-names.ts';

export interface Tops {
  /** What the folders that are splits stand for. */
  names: ReadonlyMap<string, Split>;
  /** Names at the top that are splits, with folders inside. */
  splits: string[];
  /** Names of splits without folders inside: no classes can be in them. */
  flat: string[];
  others: string[];
}

/** A lone folder with pictures that holds two folders or more, or splits, is only a wrapper. */
export function rootOf(path: string): string {
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
  if (isWrapper && names.length > 0) return rootOf(inner);
  // A chain of lone folders wraps what it ends in, unless that is one class (EuroSAT/2750/Forest, .../River).
  const deeper = names.length === 1 ? rootOf(inner) : inner;
  return deeper === inner ? path : deeper;
}

/** What lies beside the folders that lead from a folder to the one within it that is read. */
export function besideRoot(path: string, root: string): string[] {
  const parts = root === path ? [] : relative(path, root).split(sep);
  return parts.flatMap((part, at) =>
    listFolder(join(path, ...parts.slice(0, at))).flatMap(({ name }) =>
      name === part ? [] : [[...parts.slice(0, at), name].join('/')],
    ),
  );
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

export function topsOf(root: string): Tops {
  const folders = folderNames(root);
  const names = splitsOfShared(root, folders) ?? splitsAmong(folders);
  const tops: Tops = { names, splits: [], flat: [], others: [] };
  for (const name of folders) {
    if (!tops.names.has(name)) tops.others.push(name);
    else if (folderNames(join(root, name)).length > 0) tops.splits.push(name);
    else tops.flat.push(name);
  }
  // Without any that has classes inside, a folder named train is a class among classes.
  if (tops.splits.length === 0)
    return { ...tops, splits: [], flat: [], others: [...tops.flat, ...tops.others].sort() };
  return tops;
}

/**
 * Splits by a word in each folder's name, with whatever else (`train.X1`, `train.X2`, `val.X`; `train_noisy`, `test`), where
 * folders of different splits hold the same classes; null where they do not.
 */
function splitsOfShared(root: string, folders: readonly string[]): ReadonlyMap<string, Split> | null {
  if (folders.length < 2 || folders.length > mostWrapped) return null;
  const names = new Map<string, Split>();
  for (const name of folders) {
    const split = splitInName(name);
    if (split !== null) names.set(name, split);
  }
  if (names.size < folders.length) return null;
  const splitOf = new Map<string, Split>();
  for (const [name, split] of names) {
    for (const inner of folderNames(join(root, name)).filter(isClassName)) {
      if ((splitOf.get(inner) ?? split) !== split) return names;
      splitOf.set(inner, split);
    }
  }
  return null;
}

/** Whether there is a file below a folder that may be a picture. */
export function mayHoldPictures(path: string): boolean {
  for (const { key } of walkFiles(path)) if (!otherFile.test(key)) return true;
  return false;
}

/** The folders at the top that may be classes: with pictures, and no splits; at most so many. */
export function classesAt(root: string, most: number): string[] {
  const { names } = topsOf(root);
  const found: string[] = [];
  for (const name of folderNames(root)) {
    if (found.length === most) break;
    if (isClassName(name) && !names.has(name) && mayHoldPictures(join(root, name))) found.push(name);
  }
  return found;
}

/** Files whose names say that they are no pictures. */
export const otherFile = /\.(txt|json|jsonl|csv|tsv|md|xml|yaml|yml|py|zip|npy|npz|mat|db|parquet)$/i;

/** Whether every folder at the top has splits, and nothing else, inside. */
export function splitsInside(root: string): boolean {
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

export const isClassName = (name: string): boolean => splitNamed(name) === null && !container.test(name);

/** Folders that hold pictures of all kinds; those of our own exports among them. */
export const container =
  /^(images?|imgs?|pictures?|photos?|pics|jpe?gs?|jpegimages|data|dataset|files|(train|validation|test)-\d+)$/i;

/** A split's folder; where its one folder has the same split's name or is for pictures, that. */
export function insideOf(root: string, folder: string): string {
  const entries = listFolder(join(root, folder));
  const [only, another] = entries.filter(({ isFolder }) => isFolder).map(({ name }) => name);
  const loose = entries.some(({ name, isFolder }) => !isFolder && hasPictureName(name));
  if (only === undefined || another !== undefined || loose) return folder;
  const own = folder.split('/').at(-1) ?? '';
  const isSame = only === own || (splitNamed(only) !== null && splitNamed(only) === splitNamed(own));
  return isSame || container.test(only) ? insideOf(root, `${folder}/${only}`) : folder;
}
