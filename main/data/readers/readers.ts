import { WorkbenchError } from '#contract/errors.ts';
import { type FormatName, formatNames } from '#contract/import.ts';
import { listFirst } from '#core/list-first.ts';
import { captionsBeside } from './captions-beside.ts';
import { cifar } from './cifar.ts';
import { coco } from './coco.ts';
import { csv } from './csv.ts';
import { flickrTokens } from './flickr-tokens.ts';
import { classFolders, isOneClass, splitFolders, splitsComeFirst } from './folders/class-folders.ts';
import { jsonl } from './jsonl.ts';
import { fileNames, folderNames, type Looked, unwrap } from './look.ts';
import { metadataFolder } from './metadata-folder.ts';
import { parquet } from './parquet.ts';
import { pathList } from './path-list.ts';
import type { ReaderDefinition, ReaderOptions, Recognition } from './reader.ts';
import { splitsAmong } from './split-names.ts';
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
    const isListed = found.some((one) => one.format !== 'split-folders');
    if (format === 'class-folders' && isListed && isOneClass(looked)) continue;
    found.push({ format, ...recognition });
    if (recognition.fit === 'sure') break;
  }
  const table = found.length === 0 && looked.isFolder ? onlyTable(looked.path) : null;
  if (table !== null) {
    const format = /\.parquet$/i.test(table)
      ? 'parquet'
      : /\.(jsonl|ndjson)(\.gz)?$/i.test(table)
        ? 'jsonl'
        : 'csv';
    found.push({ format, fit: 'plausible', why: `${table} is the only table in it` });
  }
  if (found[0]?.format === 'split-folders' && found.length > 1 && !splitsComeFirst(looked)) found.reverse();
  return found;
}

const tableFile = /\.((csv|tsv|tab|jsonl|ndjson)(\.gz)?|parquet)$/i;

/** The table of a folder that has one, and no JSON; null where it is not clear what is meant. */
function onlyTable(path: string): string | null {
  const names = fileNames(unwrap(path));
  const [only, another] = names.filter((name) => tableFile.test(name));
  return another === undefined && !names.some((name) => /\.json$/i.test(name)) ? (only ?? null) : null;
}

/** What other files are good for. */
const remedies: readonly [RegExp, string][] = [
  [/\.(zip|7z|rar|tar\.(bz2|xz)|tbz2?|txz)$/i, 'unpack it'],
  [/\.(xlsx?|ods)$/i, 'save it as CSV'],
  [
    /\.(npz|npy|mat|h5|hdf5|pkl|pickle|lmdb|mdb|arrow|feather|tfrecord|ubyte)(\.gz)?$|-ubyte(\.gz)?$/i,
    'save its pictures as files, and list them in a CSV file',
  ],
  [/\.json(\.gz)?$/i, 'import it by its own path where it lists pictures'],
];

/** What lies in a folder that is not read, with what to do. */
function tellOthers(path: string): string {
  const told = fileNames(path).flatMap((name) => {
    const found = remedies.find(([pattern]) => pattern.test(name));
    return found === undefined ? [] : [`${name} (${found[1]})`];
  });
  return told.length === 0 ? '' : ` In it lies ${listFirst(told, 4)}.`;
}

/** The error for what no reader knows. */
export function unknownFormat({ path, isFolder }: Looked): WorkbenchError {
  const tables = isFolder ? fileNames(unwrap(path)).filter((name) => tableFile.test(name)) : [];
  if (tables.length > 1) {
    return new WorkbenchError(
      'bad-input',
      `${path} has ${tables.length} tables (${tables.slice(0, 4).join(', ')}), and it is not clear which to read: import one of them by its own path.`,
      { path },
    );
  }
  const splits = isFolder ? [...splitsAmong(folderNames(path)).keys()] : [];
  return new WorkbenchError(
    'bad-input',
    isFolder && splits.length > 0
      ? `${splits.join(' and ')} in ${path} hold pictures, but no folder of a class inside, and no captions lie beside them: put the pictures of each class into a folder of its name, or list them with captions in a CSV file.${tellOthers(path)}`
      : isFolder
        ? `Nothing in ${path} could be imported.${tellOthers(path)} It has no folders of classes, no captions beside pictures and no table of pictures: put the pictures of each class into a folder of its name, or list them in a CSV file.`
        : `${path} is in no format that is read: ${formatNames.map((format) => `${format} (${readers[format].label})`).join(', ')}. Choose one with --format where its name hides it.`,
    { path },
  );
}
