import { dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { readRegularFile } from '../files/open-regular-file.ts';
import { createPictureFinder } from './find-picture.ts';
import { fileNames, folderNames, type Looked } from './look.ts';
import { note, type ReaderDefinition, type ReaderOptions, type Reading, skipped } from './reader.ts';
import { newSeen, pairsOfRow } from './row-pairs.ts';
import { seenNotes } from './seen-notes.ts';
import { splitInName } from './split-names.ts';

const maxBytes = 480 * 1024 ** 2;

const annotationsSchema = z.object({
  images: z.array(z.object({ id: z.union([z.number(), z.string()]), file_name: z.string() })),
  annotations: z.array(
    z.object({ image_id: z.union([z.number(), z.string()]), caption: z.string().optional() }),
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
      const files = captionFiles(looked.path);
      return files.length === 0 ? null : { fit: 'sure', why: `it has ${files.join(', ')}` };
    }
    if (!/\.json$/i.test(looked.name)) return null;
    const text = looked.head.toString('utf8').trimStart();
    if (!text.startsWith('{') || !/"(images|annotations|info|licenses)"\s*:/.test(text)) return null;
    return { fit: 'sure', why: 'it has pictures and annotations in the form of COCO' };
  },
  async open(looked, options) {
    const files = looked.isFolder ? captionFiles(looked.path) : [looked.name];
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

function captionFiles(path: string): string[] {
  return ['', ...folderNames(path).filter((name) => /^annotations/i.test(name))].flatMap((folder) =>
    fileNames(join(path, folder))
      .filter((name) => /^(captions_|dataset_(coco|flickr)).*\.json$/i.test(name))
      .map((name) => (folder === '' ? name : `${folder}/${name}`)),
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
    async *items(signal, onProgress) {
      const seen = newSeen();
      const find = createPictureFinder(root, [looked.folder, dirname(root)]);
      for (const [at, file] of files.entries()) {
        const path = join(looked.folder, file);
        const images = await readImages(path);
        const split = splitInName(file) ?? 'train';
        let done = 0;
        for (const image of images) {
          if (signal?.aborted) return;
          done += 1;
          onProgress({ done: at * images.length + done, total: files.length * images.length, unit: 'rows' });
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
    },
  };
}

interface Image {
  name: string;
  captions: string[];
  split: string | null;
}

async function readImages(path: string): Promise<Image[]> {
  let value: unknown;
  try {
    value = JSON.parse((await readRegularFile(path, maxBytes)).toString('utf8'));
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
    return karpathy.data.images.map(({ filename, filepath, split, sentences }) => ({
      name: filepath === undefined ? filename : `${filepath}/${filename}`,
      captions: sentences.map(({ raw }) => raw.trim()),
      split: split ?? null,
    }));
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
    const known = captions.get(String(image_id));
    if (known === undefined) captions.set(String(image_id), [caption.trim()]);
    else known.push(caption.trim());
  }
  if (captions.size === 0) {
    throw new WorkbenchError(
      'bad-input',
      `${path} has annotations without captions: import COCO's captions_*.json.`,
      { path },
    );
  }
  return images.map(({ id, file_name }) => ({
    name: file_name,
    captions: captions.get(String(id)) ?? [],
    split: null,
  }));
}
