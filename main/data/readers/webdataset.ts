import { join } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { tryParseJson } from '#core/json/try-parse-json.ts';
import { readRange } from '../sources/read-range.ts';
import { listTar, type TarMember } from '../sources/tar-index.ts';
import { linesOf, objectOf } from '../tables/texts.ts';
import { looksLikeId } from './class-names.ts';
import { guessColumn } from './columns.ts';
import { labelOf, textsOf } from './jsonl.ts';
import { hasPictureName, type Looked, walkFiles } from './look.ts';
import {
  type Found,
  inBatches,
  note,
  type ReaderDefinition,
  type ReaderOptions,
  type Reading,
  skipped,
} from './reader.ts';
import { newSeen, pairsOfPicture } from './row-pairs.ts';
import { seenNotes } from './seen-notes.ts';
import { splitInName } from './split-names.ts';
import { textOf } from './table-dialect.ts';

/** A caption or a JSON beside a picture may be as large as this. */
const maxTextBytes = 1024 * 1024;

/**
 * WebDataset's tars, as img2dataset writes them too: members with one name up to the first dot of its last part are one
 * sample, wherever they stand. Pictures are read in place.
 */
export const webdataset: ReaderDefinition = {
  label: 'WebDataset tars',
  async recognise(looked) {
    const names = tarsOf(looked);
    if (names.length === 0) return null;
    return {
      fit: 'sure',
      why: `${names.length === 1 ? 'it is a tar archive' : `it has ${names.length} tar archives`}`,
    };
  },
  open: openTars,
};

function tarsOf({ isFolder, folder, name }: Looked): string[] {
  if (!isFolder) return /\.(tar|tgz|tar\.gz)$/i.test(name) ? [name] : [];
  const found: string[] = [];
  for (const { key } of walkFiles(folder)) {
    if (/\.(tar|tgz|tar\.gz)$/i.test(key)) found.push(key);
  }
  return found;
}

async function openTars(looked: Looked, options: ReaderOptions): Promise<Reading> {
  const names = tarsOf(looked);
  const packed = names.find((name) => /gz$/i.test(name));
  if (packed !== undefined) {
    throw new WorkbenchError(
      'bad-input',
      `${join(looked.folder, packed)} is compressed, so its pictures cannot be read in place: unpack it once (gunzip), then import the tar.`,
      { path: packed },
    );
  }
  return {
    root: looked.folder,
    columns: null,
    batches: inBatches(async function* (signal, onProgress) {
      const seen = newSeen();
      for (const [at, name] of names.entries()) {
        onProgress({ done: at, total: names.length, unit: 'files' });
        try {
          for await (const sample of samplesOf(join(looked.folder, name))) {
            if (signal?.aborted) return;
            yield* readSample(looked.folder, name, sample, options, seen);
          }
        } catch (error) {
          if (!(error instanceof WorkbenchError) || error.kind !== 'corrupt-file') throw error;
          yield skipped(name, error.message);
        }
      }
      onProgress({ done: names.length, total: names.length, unit: 'files' });
      yield* seenNotes(seen, options);
      yield note(
        'read-in-place',
        'Pictures stay in their archives: keep the tar files where they are.',
        names.length,
      );
    }),
  };
}

interface Sample {
  key: string;
  members: (TarMember & { extension: string })[];
}

/** Members that are kept while the rest of their samples may come: more than shards have. */
const mostKept = 300_000;

/**
 * Members with one key, wherever they stand: tar packs a folder in the disk's order. Of an archive that is cut short,
 * those before the cut, then its error.
 */
async function* samplesOf(path: string): AsyncGenerator<Sample, void> {
  const samples = new Map<string, Sample>();
  let kept = 0;
  try {
    for await (const member of listTar(path)) {
      const parts = /^((?:.*\/)?[^/.]+)\.([^/]*)$/.exec(member.name);
      if (parts === null || /(^|\/)__MACOSX\//.test(member.name)) continue;
      const [, key = '', extension = ''] = parts;
      if (kept >= mostKept && !samples.has(key)) {
        for (const whole of [...samples.values()].filter(isWhole)) {
          samples.delete(whole.key);
          yield* partsOf(whole);
        }
        kept = 0;
      }
      const sample = samples.get(key) ?? { key, members: [] };
      samples.set(key, sample);
      sample.members.push({ ...member, extension: extension.toLowerCase() });
      kept += 1;
    }
  } catch (error) {
    for (const sample of samples.values()) yield* partsOf(sample);
    throw error;
  }
  for (const sample of samples.values()) yield* partsOf(sample);
}

const isPicture = ({ extension }: { extension: string }): boolean => hasPictureName(`x.${extension}`);

const isWhole = ({ members }: Sample): boolean => members.some(isPicture) && !members.every(isPicture);

/** `05.jpg` and `05.txt`, where each picture of a sample has a text of its own: names with dots are samples of their own. */
function partsOf(sample: Sample): Sample[] {
  const parts = new Map<string, Sample>();
  for (const member of sample.members) {
    const stem = member.extension.replace(/\.?[^.]*$/, '');
    const part = parts.get(stem) ?? { key: stem === '' ? sample.key : `${sample.key}.${stem}`, members: [] };
    part.members.push({ ...member, extension: member.extension.slice(stem === '' ? 0 : stem.length + 1) });
    parts.set(stem, part);
  }
  const found = [...parts.values()];
  return found.length > 1 && found.every(isWhole) ? found : [sample];
}

async function* readSample(
  root: string,
  tar: string,
  { key, members }: Sample,
  options: ReaderOptions,
  seen: ReturnType<typeof newSeen>,
): AsyncGenerator<Found, void> {
  const [picture, ...others] = members.filter(isPicture);
  const row = `${tar}/${key}`;
  if (picture === undefined) {
    const isArchive = members.some(({ extension }) => /^(tar|zip|tgz)(\.gz)?$/.test(extension));
    yield skipped(
      row,
      isArchive ? 'is an archive in an archive: unpack it, then import what is in it' : 'has no picture',
    );
    return;
  }
  const linked = members.find(({ link }) => link !== undefined);
  if (linked !== undefined) {
    yield skipped(
      row,
      `has a link to ${linked.link} in place of its ${linked.extension}: pack the archive with tar --dereference --hard-dereference`,
    );
    return;
  }
  for (const { extension } of others)
    yield skipped(
      `${row}.${extension}`,
      extension === picture.extension
        ? 'is in the archive twice: the first is read'
        : `is another picture of its sample, of which ${picture.extension} is read`,
    );
  const path = join(root, tar);
  const read = async (...extensions: string[]): Promise<string | null> => {
    const named = (extension: string) => extensions.includes(extension);
    // `caption.txt` where there is no `txt`.
    const member =
      members.find(({ extension }) => named(extension)) ??
      members.find(({ extension }) => named(extension.replace(/^.*\./, '')));
    if (member === undefined || member.bytes > maxTextBytes) return null;
    return textOf(await readRange(path, member.offset, member.bytes));
  };
  const about = objectOf(tryParseJson((await read('json')) ?? '')) ?? {};
  const text = await read('txt', 'caption', 'text');
  const captionColumn = guessColumn(Object.keys(about), 'caption') ?? '';
  const fromJson = () => (captionColumn === '' ? null : textsOf(about[captionColumn]));
  const lines = linesOf(text ?? '');
  // A list of captions in the JSON says where each ends; a text has one a line, as beside picture files.
  const captions = lines.length === 0 || Array.isArray(about[captionColumn]) ? fromJson() : lines;
  const { label: inJson, noLabel } = labelOf(about[guessColumn(Object.keys(about), 'label') ?? '']);
  const number = (await read('cls', 'label'))?.trim() ?? null;
  // A name says more than the number beside it.
  const label =
    number === null || (inJson !== null && looksLikeId(number) && !looksLikeId(inJson)) ? inJson : number;
  if (captions === null && label === null) {
    yield skipped(
      row,
      'has no caption and no class beside it in the archive (.txt, .json or .cls): where its folders are classes, unpack it and import the folder',
    );
    return;
  }
  yield* pairsOfPicture(
    { row, captions, label, noLabel: label === null ? noLabel : null, split: null },
    {
      row,
      key: `${tar}/${key}.${picture.extension}`,
      source: { kind: 'tar', path: tar, offset: picture.offset, bytes: picture.bytes },
    },
    options,
    seen,
    splitInName(tar) ?? 'train',
  );
}
