import { existsSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { fileNames, folderNames, hasPictureName } from './look.ts';

/** How a path was read where it was not there as written. */
export type Repair = 'backslash' | 'percent' | 'unicode' | 'suffix' | 'case' | 'elsewhere' | 'moved';

export interface FoundPath {
  /** Relative to the root with `/`; absolute where it is written so and is there. */
  key: string;
  repair: Repair | null;
}

/** What was done to paths, in words. */
export const repairWords: Record<Repair, string> = {
  backslash: "have '\\' between folders, which was read as '/'",
  percent: 'have %-codes, which were decoded',
  unicode: 'are written in another Unicode form than the file names',
  suffix: 'have no suffix such as .jpg, which was added',
  case: 'are written in other letter case than the file names',
  elsewhere: 'lie in another folder than written, and were found by name',
  moved: 'are absolute paths of another machine; the pictures were found below this folder',
};

/** Folders beside a table in which pictures are looked for, at most. */
const mostPlaces = 60;

/** After so many pictures that are nowhere, only their paths are tried: a table of a million of them must end. */
const mostSearches = 1000;

/** Finds pictures of a table whose paths are relative to `root`. */
export function createPictureFinder(root: string, furtherPlaces: readonly string[] = []) {
  let places: string[] | null = null;
  const lastPlace = { place: '' };
  let missed = 0;

  const there = (path: string): boolean => existsSync(resolve(root, path));
  const tidy = (path: string) => (isAbsolute(path) ? path : posix.normalize(path));

  /** Names of a folder's pictures by their lower case, with and without suffix. */
  const folders = new Map<string, Map<string, string>>();
  const namesIn = (folder: string): Map<string, string> => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const names = new Map<string, string>();
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      for (const name of fileNames(folder).filter(hasPictureName)) {
        for (const one of [name, withoutSuffix(name)]) {
          const spelled = one.normalize('NFC').toLowerCase();
          if (!names.has(spelled)) names.set(spelled, name);
        }
      }
    }
    folders.set(folder, names);
    return names;
  };
  const findAlike = (plain: string): FoundPath | null => {
    for (const path of [plain, ...[...spellings(plain)].map(([, spelled]) => spelled)]) {
      const name = namesIn(resolve(root, dirname(path))).get(basename(path).normalize('NFC').toLowerCase());
      if (name === undefined) continue;
      const key = tidy(dirname(path) === '.' ? name : `${dirname(path)}/${name}`);
      return { key, repair: withoutSuffix(name) === basename(path) ? 'suffix' : 'case' };
    }
    return null;
  };

  return (written: string): FoundPath | null => {
    const plain = tidy(written.trim());
    if (there(plain)) return { key: plain, repair: null };
    for (const [repair, spelled] of spellings(plain)) {
      if (there(spelled)) return { key: tidy(spelled), repair };
    }
    if (missed >= mostSearches) return null;
    const alike = findAlike(plain);
    if (alike !== null) return alike;
    places ??= listPlaces(root, furtherPlaces);
    for (const [, spelled] of [[null, plain] as const, ...spellings(plain)]) {
      const local = spelled.replace(/^[A-Za-z]:/, '').replace(/^\/+/, '');
      const candidates = isAbsolute(plain) || /^[A-Za-z]:/.test(plain) ? tails(local) : [local];
      for (const candidate of candidates) {
        if (candidate !== plain && there(candidate)) return { key: tidy(candidate), repair: 'moved' };
        for (const place of [lastPlace.place, ...places]) {
          if (place === '' || !there(join(place, candidate))) continue;
          lastPlace.place = place;
          return { key: toKey(root, join(place, candidate)), repair: 'elsewhere' };
        }
      }
    }
    missed += 1;
    return null;
  };
}

const withoutSuffix = (name: string): string => name.replace(/\.[^.]+$/, '');

function toKey(root: string, path: string): string {
  return relative(root, resolve(root, path)).split(sep).join('/');
}

/** Other spellings of a path that may be meant. */
function* spellings(path: string): Generator<[Repair, string]> {
  const address = /^file:\/{1,3}/i.test(path) ? path.replace(/^file:\/{1,3}/i, '/') : null;
  if (address !== null) yield ['percent', decode(address) ?? address];
  const slashed = path.includes('\\') ? path.replaceAll('\\', '/') : null;
  if (slashed !== null) yield ['backslash', slashed];
  const base = slashed ?? path;
  const decoded = decode(base);
  if (decoded !== null && decoded !== base) yield ['percent', decoded];
  for (const form of ['NFC', 'NFD'] as const) {
    for (const text of new Set([base, decoded ?? base])) {
      const other = text.normalize(form);
      if (other !== text) yield ['unicode', other];
    }
  }
}

function decode(path: string): string | null {
  if (!/%[0-9a-f]{2}/i.test(path)) return null;
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** A path without its first folders, longest first. */
function tails(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, at) => parts.slice(at).join('/'));
}

/** Folders up to two below the root, and those given. */
function listPlaces(root: string, further: readonly string[]): string[] {
  const found: string[] = [];
  const add = (folder: string, depth: number) => {
    let names: string[];
    try {
      names = folderNames(folder);
    } catch {
      return;
    }
    for (const name of names) {
      if (found.length >= mostPlaces) return;
      found.push(join(folder, name));
      if (depth > 1) add(join(folder, name), depth - 1);
    }
  };
  add(root, 2);
  for (const folder of further) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
    found.push(folder);
    add(folder, 1);
  }
  return found;
}
