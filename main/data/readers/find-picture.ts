import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import type { Split } from '#contract/dataset.ts';
import { fileNames, folderNames, hasPictureName } from './look.ts';
import { splitInFolders } from './split-names.ts';

/** How a path was read where it was not there as written. */
export type Repair =
  | 'backslash'
  | 'percent'
  | 'unicode'
  | 'suffix'
  | 'case'
  | 'above'
  | 'elsewhere'
  | 'moved';

export interface FoundPath {
  /** Relative to the root with `/`; absolute where it is written so and is there. */
  key: string;
  repair: Repair | null;
  /** Folders that have a picture of this name, where none of them can be chosen. */
  among?: string[];
}

/** What was done to paths, in words. */
export const repairWords: Record<Repair, string> = {
  backslash: "have '\\' between folders, which was read as '/'",
  percent: 'have %-codes, which were decoded',
  unicode: 'are written in another Unicode form than the file names',
  suffix: 'have no suffix such as .jpg, which was added',
  case: 'are written in other letter case than the file names',
  above: 'begin with the folder that the table lies in, and were read from there',
  elsewhere: 'lie in another folder than written, and were found by name',
  moved: 'are absolute paths of another machine; the pictures were found below this folder',
};

/** Folders beside a table in which pictures are looked for, at most. */
const mostPlaces = 60;

/** After so many pictures that are nowhere, only their paths are tried: a table of a million of them must end. */
const mostSearches = 1000;

/** Finds pictures of a table whose paths are relative to `root`. */
export function createPictureFinder(root: string, furtherPlaces: readonly string[] = []) {
  /** Folders below the root, and those given, which count where no other has a picture. */
  let places: string[][] | null = null;
  let missed = 0;

  const lists = createFolderLists(root);
  const there = (path: string): boolean => lists.has(path) || existsSync(resolve(root, path));

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

  /** A picture of that name in a folder, or of that number without its suffix. */
  const inPlace = (place: string, candidate: string): string | null => {
    if (there(join(place, candidate))) return join(place, candidate);
    if (hasPictureName(candidate)) return null;
    const folder = join(place, dirname(candidate));
    const name = namesIn(folder).get(basename(candidate).normalize('NFC').toLowerCase());
    return name === undefined ? null : join(folder, name);
  };
  /** The only place that has it, or the only one of the row's split. */
  const findInPlaces = (candidate: string, split: Split | null): FoundPath | null => {
    for (const group of places ?? []) {
      const having = [
        ...new Map(
          group.flatMap((place) => {
            const path = inPlace(place, candidate);
            return path === null ? [] : [[realpathSync(path), { place, path }] as const];
          }),
        ).values(),
      ];
      const fitting =
        having.length === 1 ? having : having.filter(({ place }) => splitOfPlace(place) === split);
      const [found] = fitting.length === 1 ? fitting : having;
      if (found === undefined) continue;
      const among = fitting.length === 1 ? {} : { among: having.map(({ place }) => toKey(root, place)) };
      return { key: toKey(root, found.path), repair: 'elsewhere', ...among };
    }
    return null;
  };
  const splitOfPlace = (place: string) => splitInFolders(toKey(root, place));

  /** @param split of the row, where it has one: it decides between folders that both have the name */
  return (written: string, split: Split | null = null): FoundPath | null => {
    if (lists.hasNear(written)) return { key: written, repair: null };
    // No file has such a name, and the system refuses to look.
    if (written.includes('\0')) return null;
    const plain = tidy(written.trim());
    if (there(plain)) return { key: plain, repair: null };
    for (const [repair, spelled] of spellings(plain)) {
      if (there(spelled)) return { key: tidy(spelled), repair };
    }
    const inside = belowRoot(root, plain);
    if (inside !== null && there(inside)) return { key: inside, repair: 'above' };
    if (missed >= mostSearches) return null;
    const alike = findAlike(plain);
    if (alike !== null) return alike;
    places ??= [foldersBelow(root, 2), furtherPlaces.flatMap((place) => [place, ...foldersBelow(place, 1)])];
    for (const [, spelled] of [[null, plain] as const, ...spellings(plain)]) {
      const local = spelled.replace(/^[A-Za-z]:/, '').replace(/^\/+/, '');
      const candidates = isAbsolute(plain) || /^[A-Za-z]:/.test(plain) ? tails(local) : [local];
      for (const candidate of candidates) {
        if (candidate !== plain && there(candidate)) return { key: tidy(candidate), repair: 'moved' };
        const found = findInPlaces(candidate, split);
        if (found !== null) return found;
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

/** What of a path lies below a root, where it begins with the root's last folders (`data/flickr/1.jpg` in data/flickr); null else. */
function belowRoot(root: string, path: string): string | null {
  const above = root.split(sep);
  const parts = path.split('/');
  for (let count = Math.min(above.length, parts.length - 1); count > 0; count -= 1) {
    if (above.slice(-count).join('/') === parts.slice(0, count).join('/'))
      return parts.slice(count).join('/');
  }
  return null;
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
    const decoded = decodeURIComponent(path);
    return decoded.includes('\0') ? null : decoded;
  } catch {
    return null;
  }
}

/** A path without its first folders, longest first. */
function tails(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, at) => parts.slice(at).join('/'));
}

/** Folders below one, so deep; none where it is no folder. */
function foldersBelow(folder: string, depth: number): string[] {
  const found: string[] = [];
  const add = (inside: string, levels: number) => {
    if (!statSync(inside, { throwIfNoEntry: false })?.isDirectory()) return;
    for (const name of folderNames(inside)) {
      if (found.length >= mostPlaces) return;
      found.push(join(inside, name));
      if (levels > 1) add(join(inside, name), levels - 1);
    }
  };
  add(folder, depth);
  return found;
}

/** So many paths into one folder are asked for one by one before it is listed: a folder may hold far more than a table names. */
const asksBeforeList = 16;
const mostListed = 500_000;

const tidy = (path: string) =>
  isAbsolute(path) || !/(^|\/)(\.|\/|$)/.test(path) ? path : posix.normalize(path);

/**
 * Files of folders that many paths led into, whose names are read once: asking the system for each picture of a long table
 * took a third of reading it. What a list does not have is to be asked for.
 */
function createFolderLists(root: string) {
  const asks = new Map<string, number>();
  const lists = new Map<string, ReadonlySet<string>>();
  let listed = 0;
  /** The folder that was looked into last, as paths are written that begin with it. */
  let near: { folder: string; names: ReadonlySet<string> } | null = null;
  return {
    has(path: string): boolean {
      const folder = folderOf(path);
      let names = lists.get(folder);
      if (names === undefined) {
        const asked = (asks.get(folder) ?? 0) + 1;
        asks.set(folder, asked);
        if (asked < asksBeforeList) return false;
        if (listed > mostListed) {
          lists.clear();
          asks.clear();
          listed = 0;
        }
        names = filesOf(resolve(root, folder));
        lists.set(folder, names);
        listed += names.size;
      }
      if (near?.folder !== folder) near = tidy(`${folder}x`) === `${folder}x` ? { folder, names } : null;
      return names.has(path.slice(folder.length));
    },
    /** Whether a path, as it is written, is a key and a file of that folder: rows that follow each other mostly are. */
    hasNear(path: string): boolean {
      if (near === null) return false;
      const { folder, names } = near;
      const isInside = path.lastIndexOf('/') === folder.length - 1 && path.startsWith(folder);
      return isInside && names.has(path.slice(folder.length));
    },
  };
}

/** With the slash behind it; '' where a path has none. */
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** The names of a folder's files; what links lead to, they do not say. */
function filesOf(folder: string): ReadonlySet<string> {
  try {
    return new Set(
      readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : [])),
    );
  } catch {
    return new Set();
  }
}
