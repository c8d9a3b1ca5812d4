import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { WorkbenchError } from '#contract/errors.ts';
import { openRegularFile } from '../files/open-regular-file.ts';

/** Files and folders that systems leave in folders; like names that begin with a dot they are passed over. */
const systemFiles = new Set([
  'Thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '__MACOSX',
  '@eaDir',
  '#recycle',
  '$RECYCLE.BIN',
  'System Volume Information',
  'lost+found',
]);

/** How much of a file's beginning readers look at. */
const headBytes = 64 * 1024;

export interface Entry {
  name: string;
  isFolder: boolean;
}

/** What lies at a path, as far as readers need it to see whether it is theirs. */
export interface Looked {
  path: string;
  /** Without the .gz of a packed text. */
  name: string;
  isFolder: boolean;
  /** The folder, or the one that the file lies in. */
  folder: string;
  /** First bytes of the file, unpacked; none for a folder. */
  head: Buffer;
}

/** @throws WorkbenchError `not-found`; `bad-input` for what is neither file nor folder */
export async function lookAt(path: string): Promise<Looked> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new WorkbenchError('not-found', `There is no file or folder ${path}: check the path.`, { path });
  }
  const name = basename(path);
  if (found.isDirectory()) return { path, name, isFolder: true, folder: path, head: Buffer.alloc(0) };
  const { handle, bytes } = await openRegularFile(path);
  try {
    const head = Buffer.alloc(Math.min(bytes, headBytes));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const looked = { path, isFolder: false, folder: dirname(path) };
    const first = head.subarray(0, bytesRead);
    if (!packedText.test(name)) return { ...looked, name, head: first };
    return { ...looked, name: name.replace(/\.gz$/i, ''), head: unpackBeginning(first) };
  } finally {
    await handle.close();
  }
}

/**
 * What a folder holds by code point, without what is hidden; links count as what they lead to, those that lead nowhere
 * as files.
 * @throws WorkbenchError `not-found` where it cannot be read
 */
export function listFolder(path: string): Entry[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => !/^(\.|~\$)/.test(name) && !systemFiles.has(name))
      .map((entry) => ({
        name: entry.name,
        isFolder: entry.isSymbolicLink() ? leadsToFolder(join(path, entry.name)) : entry.isDirectory(),
      }))
      .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  } catch (cause) {
    throw new WorkbenchError(
      'not-found',
      `There is no folder ${path} that can be read: check the path.`,
      { path },
      { cause },
    );
  }
}

function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch {
    // It leads nowhere, round in a circle, or to what may not be read: opening it says which.
    return false;
  }
}

const packedText = /\.(csv|tsv|tab|txt|token|lst|list|jsonl|ndjson|json)\.gz$/i;

/** What of a packed file's beginning can be unpacked; none where it is no such file, which reading it says. */
function unpackBeginning(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1024 ** 3 }).subarray(
      0,
      headBytes,
    );
  } catch {
    return Buffer.alloc(0);
  }
}

export function folderNames(path: string): string[] {
  return listFolder(path).flatMap(({ name, isFolder }) => (isFolder ? [name] : []));
}

export function fileNames(path: string): string[] {
  return listFolder(path).flatMap(({ name, isFolder }) => (isFolder ? [] : [name]));
}

/** The folder itself, or the one that it wraps: where it holds nothing but one folder. */
export function unwrap(path: string, levels = 4): string {
  const [only, another] = listFolder(path);
  if (levels === 0 || only?.isFolder !== true || another !== undefined) return path;
  return unwrap(join(path, only.name), levels - 1);
}

export interface WalkedFile {
  /** Path below the root with `/`. */
  key: string;
  /** It is a link to a folder that it lies in itself. */
  loops: boolean;
}

/** Every file below a folder of `root` ('' is the root), links followed, but never into a folder that one is in already. */
export function* walkFiles(root: string, folder = ''): Generator<WalkedFile, void> {
  const parts = folder === '' ? [] : folder.split('/');
  const above = [root, ...parts.map((_, at) => join(root, ...parts.slice(0, at + 1)))];
  yield* walk(root, folder, [...new Set(above.map((path) => realpathSync(path)))]);
}

function* walk(root: string, folder: string, above: readonly string[]): Generator<WalkedFile, void> {
  for (const { name, isFolder } of listFolder(join(root, folder))) {
    const key = folder === '' ? name : `${folder}/${name}`;
    if (!isFolder) {
      yield { key, loops: false };
      continue;
    }
    const real = realpathSync(join(root, key));
    if (above.includes(real)) yield { key, loops: true };
    else yield* walk(root, key, [...above, real]);
  }
}

/** Whether there is a picture anywhere below a folder. */
export function holdsPictures(path: string): boolean {
  for (const { key } of walkFiles(path)) if (hasPictureName(key)) return true;
  return false;
}

/** Suffixes that picture files have. */
const pictureSuffix = /\.(jpe?g|png|webp|gif|tiff?|avif|bmp|dib|ppm|pgm|jfif)$/i;

export function hasPictureName(name: string): boolean {
  return pictureSuffix.test(name);
}
