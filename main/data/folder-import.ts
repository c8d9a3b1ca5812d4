import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Split } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { chooseTemplate } from './choose-template.ts';
import { type ImportItem, type ImportOptions, skip, throwIfCancelled, toRecord } from './import-item.ts';
import { mapInOrder, pictureConcurrency } from './map-in-order.ts';
import { splitNamed } from './split-names.ts';

export interface FolderImportOptions extends ImportOptions {
  /** Captions are made from these; {class}, {label}, {tag} and {} stand for the class. At least one. */
  templates: readonly string[];
}

/** Files that systems leave in folders; like names that begin with a dot they are passed over. */
const systemFiles = new Set(['Thumbs.db', 'desktop.ini', '__MACOSX']);

/**
 * Reads a folder with one subfolder per class: the label is its name, pictures may lie deeper inside. Where the
 * top folders are splits (train, test, val or validation, with subfolders inside), the classes are looked for in
 * them; otherwise all is train. The record's key is the relative path with `/`, and decides which template makes
 * its caption. Files and folders come sorted by name; what is hidden is passed over; files that are no whole
 * picture, and those in no class, are left out with their relative path and the reason.
 *
 * Errors: `not-found` where there is no such folder; `bad-input` for a template that cannot be filled, or none;
 * `cancelled`.
 */
export async function* readFolder(
  path: string,
  options: FolderImportOptions,
): AsyncGenerator<ImportItem, void> {
  if (options.templates.length === 0) {
    throw new WorkbenchError(
      'bad-input',
      'Captions need at least one template, for instance "a photo of a {}."',
    );
  }
  const found: FoundFile[] = [];
  for await (const file of walkTop(path)) {
    throwIfCancelled(options.signal);
    found.push(file);
  }
  let rows = 0;
  yield* mapInOrder(found, pictureConcurrency, async ({ key, place }) => {
    throwIfCancelled(options.signal);
    rows += 1;
    options.onProgress?.({ rows, done: rows, total: found.length });
    if (typeof place === 'string') return skip(key, place);
    const { label, split } = place;
    const template = chooseTemplate(options.templates, key);
    const caption = fillTemplate(template, { class: label, label, tag: label });
    return toRecord(key, { key, caption, label, name: null, split }, join(path, key));
  });
}

/** A file below the top, with its class and split or the reason why it has none. */
interface FoundFile {
  key: string;
  place: { label: string; split: Split } | string;
}

async function* walkTop(root: string): AsyncGenerator<FoundFile, void> {
  const top = await list(root, '');
  const splits = new Map<string, Split>();
  for (const entry of top) {
    const split = splitNamed(entry.name);
    if (split === null || !entry.isDirectory()) continue;
    if ((await list(root, entry.name)).some((inner) => inner.isDirectory())) splits.set(entry.name, split);
  }
  for (const entry of top) {
    const split = splits.get(entry.name);
    if (split !== undefined) yield* walkClasses(root, entry.name, split);
    else if (!entry.isDirectory()) yield { key: entry.name, place: 'is in no class folder' };
    else if (splits.size === 0) yield* walkFiles(root, entry.name, { label: entry.name, split: 'train' });
    else {
      const known = [...splits.keys()].map((name) => `${name}/`).join(', ');
      yield { key: entry.name, place: `is a folder beside ${known}: only the splits are read` };
    }
  }
}

async function* walkClasses(
  root: string,
  splitFolder: string,
  split: Split,
): AsyncGenerator<FoundFile, void> {
  for (const entry of await list(root, splitFolder)) {
    const key = `${splitFolder}/${entry.name}`;
    if (entry.isDirectory()) yield* walkFiles(root, key, { label: entry.name, split });
    else yield { key, place: 'is in no class folder' };
  }
}

async function* walkFiles(
  root: string,
  folder: string,
  place: FoundFile['place'],
): AsyncGenerator<FoundFile, void> {
  for (const entry of await list(root, folder)) {
    const key = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* walkFiles(root, key, place);
    else if (await isLinkToFolder(entry, join(root, key))) {
      yield { key, place: 'is a link to a folder, which is not followed' };
    } else yield { key, place };
  }
}

/** Names by code point, without what is hidden. */
async function list(root: string, folder: string): Promise<Dirent[]> {
  const path = join(root, folder);
  let entries: Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (cause) {
    throw new WorkbenchError(
      'not-found',
      `There is no folder ${path} that can be read: check the path.`,
      { path },
      { cause },
    );
  }
  return entries
    .filter(({ name }) => !name.startsWith('.') && !systemFiles.has(name))
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

async function isLinkToFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false;
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
