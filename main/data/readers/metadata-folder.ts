import { join, posix } from 'node:path';
import type { Split } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { listFirst } from '#core/list-first.ts';
import { csv } from './csv.ts';
import { isClassName } from './folders/folder-layout.ts';
import { jsonl } from './jsonl.ts';
import { fileNames, folderNames, hasPictureName, type Looked, lookAt, walkFiles } from './look.ts';
import { type Found, note, type ReaderDefinition, type ReaderOptions, type Reading } from './reader.ts';
import { splitInFolders, splitNamed } from './split-names.ts';

const metadataName = /^metadata\.(csv|jsonl)$/i;

/** Hugging Face's folders: metadata.csv or metadata.jsonl with `file_name`, at the top or in each split's folder. */
export const metadataFolder: ReaderDefinition = {
  label: 'Hugging Face folder with metadata',
  async recognise({ isFolder, path }) {
    if (!isFolder) return null;
    const found = findMetadata(path);
    return found.length === 0 ? null : { fit: 'sure', why: `it has ${found.join(', ')}` };
  },
  async open({ path }: Looked, options: ReaderOptions): Promise<Reading> {
    const found = findMetadata(path);
    if (found.length === 0) {
      throw new WorkbenchError('bad-input', `There is no metadata.csv or metadata.jsonl in ${path}.`, {
        path,
      });
    }
    const readings = await Promise.all(
      found.map(async (name) => {
        const looked = await lookAt(join(path, name));
        const reader = /csv$/i.test(name) ? csv : jsonl;
        return { name, reading: await reader.open(looked, options) };
      }),
    );
    return {
      root: path,
      columns: readings[0]?.reading.columns ?? null,
      async *batches(signal, onProgress) {
        const keys = new Set<string>();
        const splits = new Map<string, Split>();
        for (const { name, reading } of readings) {
          const folder = posix.dirname(name);
          const hasSplit = reading.columns?.mapping.split != null;
          const place = (item: Found): Found => {
            if (item.kind === 'note') return item;
            const row = folder === '.' ? item.row : `${name} row ${item.row}`;
            if (item.kind === 'skipped') return { ...item, row };
            const key = posix.isAbsolute(item.key) ? item.key : posix.normalize(`${folder}/${item.key}`);
            keys.add(key);
            const split =
              splitInFolders(folder) ?? (posix.isAbsolute(key) ? null : splitInFolders(posix.dirname(key)));
            if (hasSplit || split === null) return { ...item, row, key };
            if (folder === '.')
              splits.set(key.split('/').find((part) => splitNamed(part) !== null) ?? '', split);
            return { ...item, row, key, split };
          };
          for await (const batch of reading.batches(signal, onProgress)) yield batch.map(place);
        }
        yield notesOn(path, found, keys, splits);
      },
    };
  },
};

/** Says which splits were read from paths, and which pictures and tables were not read. */
function notesOn(
  path: string,
  found: readonly string[],
  keys: ReadonlySet<string>,
  splits: ReadonlyMap<string, Split>,
): Found[] {
  const notes: Found[] = [];
  if (splits.size > 0) {
    const words = [...splits].map(([folder, split]) => `${folder}/ (${split})`).join(', ');
    notes.push(note('splits', `Splits by the folders in the paths: ${words}.`, splits.size));
  }
  const unlisted = [...walkFiles(path)]
    .map(({ key }) => key)
    .filter((key) => hasPictureName(key) && !keys.has(key));
  if (unlisted.length > 0)
    notes.push(
      note(
        'other-files',
        `${unlisted.length === 1 ? 'One picture below the folder is' : `${unlisted.length} pictures below the folder are`} in no row that is read, and left out: ${listFirst(unlisted, 3)}.`,
        unlisted.length,
      ),
    );
  for (const name of found) {
    const folder = posix.dirname(name);
    const other = fileNames(join(path, folder)).find(
      (one) => metadataName.test(one) && one !== posix.basename(name),
    );
    if (other !== undefined)
      notes.push(note('other-files', `${posix.join(folder, other)} is not read: ${name} is.`));
  }
  const folders = new Set([...keys].map((key) => posix.basename(posix.dirname(key))).filter(isClassName));
  if (folders.size > 1)
    notes.push(
      note(
        'folders-no-classes',
        `The folders of the pictures (${listFirst([...folders], 3)}) are not classes: what is known of them stands in the metadata.`,
        folders.size,
      ),
    );
  return notes;
}

/** At the top, or in the folders one or two below. */
function findMetadata(path: string, depth = 2): string[] {
  const top = fileNames(path).filter((name) => metadataName.test(name));
  if (top.length > 0 || depth === 0) return top.slice(0, 1);
  const folders = folderNames(path);
  // Folders of classes may be thousands, and hold no table.
  return folders.length > mostFolders
    ? []
    : folders.flatMap((folder) =>
        findMetadata(join(path, folder), depth - 1).map((name) => `${folder}/${name}`),
      );
}

const mostFolders = 100;
