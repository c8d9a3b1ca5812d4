import { join, posix } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { csv } from './csv.ts';
import { jsonl } from './jsonl.ts';
import { fileNames, folderNames, type Looked, lookAt } from './look.ts';
import type { Found, ReaderDefinition, ReaderOptions, Reading } from './reader.ts';
import { splitInFolders } from './split-names.ts';

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
        for (const { name, reading } of readings) {
          const folder = posix.dirname(name);
          const split = splitInFolders(folder);
          const hasSplit = reading.columns?.mapping.split != null;
          const place = (item: Found): Found => {
            if (item.kind === 'note' || folder === '.') return item;
            const row = typeof item.row === 'number' ? `${name} row ${item.row}` : `${folder}/${item.row}`;
            if (item.kind === 'skipped') return { ...item, row };
            const key = posix.isAbsolute(item.key) ? item.key : `${folder}/${item.key}`;
            return { ...item, row, key, split: hasSplit || split === null ? item.split : split };
          };
          for await (const batch of reading.batches(signal, onProgress)) yield batch.map(place);
        }
      },
    };
  },
};

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
