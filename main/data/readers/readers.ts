import { WorkbenchError } from '#contract/errors.ts';
import { type FormatName, formatNames } from '#contract/import.ts';
import { captionsBeside } from './captions-beside.ts';
import { cifar } from './cifar.ts';
import { coco } from './coco.ts';
import { csv } from './csv.ts';
import { flickrTokens } from './flickr-tokens.ts';
import { classFolders, splitFolders, splitsComeFirst } from './folders/class-folders.ts';
import { jsonl } from './jsonl.ts';
import { fileNames, folderNames, type Looked } from './look.ts';
import { metadataFolder } from './metadata-folder.ts';
import { parquet } from './parquet.ts';
import { pathList } from './path-list.ts';
import type { ReaderDefinition, ReaderOptions, Recognition } from './reader.ts';
import { splitNamed } from './split-names.ts';
import { webdataset } from './webdataset.ts';

/** Every format that is read. */
export const readers = {
  'flickr-tokens': flickrTokens,
  coco,
  jsonl,
  'metadata-folder': metadataFolder,
  cifar,
  webdataset,
  'captions-beside': captionsBeside,
  parquet,
  'path-list': pathList,
  csv,
  'split-folders': splitFolders,
  'class-folders': classFolders,
} satisfies Record<FormatName, ReaderDefinition>;

export interface Recognised extends Recognition {
  format: FormatName;
}

/**
 * The formats that something may be in, the likeliest first. The first that is sure is the only one, unless what comes
 * before it is plausible.
 */
export async function recognise(looked: Looked, options: ReaderOptions): Promise<Recognised[]> {
  const found: Recognised[] = [];
  for (const format of formatNames) {
    const recognition = await readers[format].recognise(looked, options);
    if (recognition === null) continue;
    found.push({ format, ...recognition });
    if (recognition.fit === 'sure') break;
  }
  if (found[0]?.format === 'split-folders' && found.length > 1 && !splitsComeFirst(looked)) found.reverse();
  return found;
}

const tableFile = /\.(csv|tsv|tab|jsonl|ndjson)(\.gz)?$/i;

/** The error for what no reader knows. */
export function unknownFormat({ path, isFolder }: Looked): WorkbenchError {
  const tables = isFolder ? fileNames(path).filter((name) => tableFile.test(name)) : [];
  if (tables.length > 1) {
    return new WorkbenchError(
      'bad-input',
      `${path} has ${tables.length} tables (${tables.slice(0, 4).join(', ')}), and it is not clear which to read: import one of them by its own path.`,
      { path },
    );
  }
  const splits = isFolder ? folderNames(path).filter((name) => splitNamed(name) !== null) : [];
  return new WorkbenchError(
    'bad-input',
    isFolder && splits.length > 0
      ? `${splits.join(' and ')} in ${path} hold pictures, but no folder of a class inside, and no captions lie beside them: put the pictures of each class into a folder of its name, or list them with captions in a CSV file.`
      : isFolder
        ? `Nothing in ${path} could be imported. It holds no pictures in folders, no captions beside them and no table: put the pictures of each class into a folder of its name, or list them in a CSV file.`
        : `${path} is in no format that is read: ${formatNames.map((format) => `${format} (${readers[format].label})`).join(', ')}. Choose one with --format where its name hides it.`,
    { path },
  );
}
