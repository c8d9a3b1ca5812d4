import { basename, dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { createPictureFinder } from './find-picture.ts';
import { fileNames, folderNames, type Looked, lookAt } from './look.ts';
import {
  inBatches,
  note,
  type ReaderDefinition,
  type ReaderOptions,
  type Reading,
  skipped,
} from './reader.ts';
import { newSeen, pairsOfRow } from './row-pairs.ts';
import { seenNotes } from './seen-notes.ts';
import { splitInName } from './split-names.ts';
import { readTextFile, textOf } from './table-dialect.ts';

const maxBytes = 480 * 1024 ** 2;

const annotationsSchema = z.object({
  images: z.array(
    z.object({
      id: z.union([z.number(), z.string()]),
      file_name: z.string().optional(),
      coco_url: z.string().optional(),
    }),
  ),
  annotations: z.array(
    z.object({
      image_id: z.union([z.number(), z.string()]),
      caption: z.union([z.string(), z.array(z.string())]).optional(),
    }),
  ),
});

/** Karpathy's splits of COCO and Flickr: `sentences` of each picture, and `split` with COCO's restval. */
const karpathySchema = z.object({
  images: z.array(
    z.object({
      filename: z.string(),
      filepath: z.string().optional(),
      split: z.string().optional(),
      sentences: z.array(z.object({ raw: z.string() })),
    }),
  ),
});

/** COCO's captions in JSON, or Karpathy's splits of them; or the folder of COCO that has them in annotations/. */
export const coco: ReaderDefinition = {
  label: 'COCO captions',
  async recognise(looked) {
    if (looked.isFolder) {
      const files = await captionFiles(looked.path);
      return files.length === 0 ? null : { fit: 'sure', why: `it has ${files.join(', ')}` };
    }
    if (!/\.json$/i.test(looked.name)) return null;
    if (!isCoco(looked)) return null;
    return { fit: 'sure', why: 'it has pictures and annotations in the form of COCO' };
  },
  async open(looked, options) {
    const files = looked.isFolder ? await captionFiles(looked.path) : [basename(looked.path)];
    if (files.length === 0) {
      throw new WorkbenchError(
        'bad-input',
        `There is no annotations/captions_*.json in ${looked.path}: name the file.`,
        { path: looked.path },
      );
    }
    return openFiles(looked, files, options);
  },
};

/** COCO's captions by their usual names; else what lies in annotations/ and looks like them (VizWiz's train.json). */
async function captionFiles(path: string): Promise<string[]> {
  const keys = ['', ...folderNames(path).filter((name) => /^annotations/i.test(name))].flatMap((folder) =>
    fileNames(join(path, folder)).map((name) => (folder === '' ? name : `${folder}/${name}`)),
  );
  const usual = keys.filter((key) => /^(captions_|dataset_(coco|flickr)).*\.json$/i.test(basename(key)));
  if (usual.length > 0) return usual;
  const found: string[] = [];
  for (const key of keys) {
    const isNamed = key.includes('/') ? !withoutCaptions.test(basename(key)) : /captions?/i.test(key);
    if (/\.json$/i.test(key) && isNamed && isCoco(await lookAt(join(path, key)))) found.push(key);
  }
  return found;
}

/** COCO's other annotations. */
const withoutCaptions = /^(instances|person_keypoints|panoptic|stuff|image_info)/i;

/** By the first of its pictures or annotations, or by what COCO writes before them. */
function isCoco({ head }: Looked): boolean {
  const text = textOf(head).trimStart();
  return (
    text.startsWith('{') &&
    (/"images"\s*:\s*\[\s*\{[^}]*"(id|sentids|sentences)"\s*:/.test(text) ||
      /"annotations"\s*:\s*\[\s*\{[^}]*"image_id"\s*:/.test(text) ||
      /"licenses"\s*:/.test(text))
  );
}

async function openFiles(looked: Looked, files: readonly string[], options: ReaderOptions): Promise<Reading> {
  // Annotations lie beside the folders of pictures: what is found is named from the folder above them.
  const isAnnotations = /^annotations/i.test(
    relative(dirname(looked.folder), looked.folder).split(sep)[0] ?? '',
  );
  const root = !looked.isFolder && isAnnotations ? dirname(looked.folder) : looked.folder;
  return {
    root,
    columns: null,
    batches: inBatches(async function* (signal, onProgress) {
      const seen = newSeen();
      const find = createPictureFinder(root, [looked.folder, dirname(root)]);
      for (const [at, file] of files.entries()) {
        const path = join(looked.folder, file);
        const images = await readImages(path).catch((error: unknown) => {
          // Beside others, one without captions (VizWiz's test.json) is left out.
          if (files.length === 1 || !(error instanceof WorkbenchError)) throw error;
          return error;
        });
        if (images instanceof WorkbenchError) {
          yield skipped(file, images.message);
          continue;
        }
        const { orphans } = images;
        if (orphans > 0) {
          yield note(
            'other-files',
            `${orphans === 1 ? `One caption of ${file} is of a picture` : `${orphans} captions of ${file} are of pictures`} that it does not list, and left out.`,
            orphans,
          );
        }
        const split = splitInName(file) ?? 'train';
        let done = 0;
        for (const image of images.list) {
          if (signal?.aborted) return;
          done += 1;
          const { length } = images.list;
          onProgress({ done: at * length + done, total: files.length * length, unit: 'rows' });
          if (image.captions.length === 0) yield skipped(image.name, 'has no caption');
          else {
            yield* pairsOfRow(
              {
                row: image.name,
                image: image.name,
                captions: image.captions,
                label: null,
                split: image.split,
              },
              find,
              options,
              seen,
              split,
            );
          }
        }
      }
      for (const item of seenNotes(seen, options)) {
        // Names of files without their folder are what COCO's JSON has.
        if (item.kind === 'note' && item.note.message.includes('another folder')) {
          yield note(
            'pictures-found',
            'Pictures were found by name in the folders beside the JSON.',
            item.note.count,
          );
        } else yield item;
      }
    }),
  };
}

interface Image {
  name: string;
  captions: string[];
  split: string | null;
}

/** The pictures of a file, and how many of its captions are of none of them. */
async function readImages(path: string): Promise<{ list: Image[]; orphans: number }> {
  let value: unknown;
  try {
    value = JSON.parse(await readTextFile(path, maxBytes));
  } catch (cause) {
    if (cause instanceof WorkbenchError) throw cause;
    throw new WorkbenchError(
      'bad-input',
      `${path} is no JSON that can be read: ${String(cause)}.`,
      { path },
      { cause },
    );
  }
  const karpathy = karpathySchema.safeParse(value);
  if (karpathy.success) {
    const list = karpathy.data.images.map(({ filename, filepath, split, sentences }) => ({
      name: filepath === undefined ? filename : `${filepath}/${filename}`,
      captions: sentences.map(({ raw }) => raw.trim()),
      split: split ?? null,
    }));
    return { list, orphans: 0 };
  }
  const annotations = annotationsSchema.safeParse(value);
  if (!annotations.success) {
    throw new WorkbenchError(
      'bad-input',
      `${path} has no 'images' with 'id' and 'file_name' and 'annotations' with 'image_id' and 'caption', as COCO's captions have.`,
      { path },
    );
  }
  const { images, annotations: found } = annotations.data;
  const captions = new Map<string, string[]>();
  for (const { image_id, caption } of found) {
    if (caption === undefined) continue;
    const texts = [caption].flat().map((text) => text.trim());
    const known = captions.get(String(image_id));
    if (known === undefined) captions.set(String(image_id), texts);
    else known.push(...texts);
  }
  if (captions.size === 0) {
    throw new WorkbenchError(
      'bad-input',
      `${path} has annotations without captions: import COCO's captions_*.json.`,
      { path },
    );
  }
  const list = images.map(({ id, file_name, coco_url = '' }) => ({
    name: file_name ?? basename(coco_url),
    captions: captions.get(String(id)) ?? [],
    split: null,
  }));
  const ids = new Set(images.map(({ id }) => String(id)));
  const orphans = [...captions].reduce((sum, [id, texts]) => sum + (ids.has(id) ? 0 : texts.length), 0);
  return { list, orphans };
}
