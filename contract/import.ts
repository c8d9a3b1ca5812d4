import { z } from 'zod';

/** Formats that datasets are imported from, in the order in which they are tried. */
export const formatNames = [
  'flickr-tokens',
  'coco',
  'metadata-folder',
  'jsonl',
  'cifar',
  'webdataset',
  'captions-beside',
  'parquet',
  'path-list',
  'csv',
  'split-folders',
  'class-folders',
] as const;
export const formatSchema = z.enum(formatNames);
export type FormatName = z.infer<typeof formatSchema>;

/** Something that an import did or saw which a person should know. */
export const importNoteSchema = z.object({
  kind: z.enum([
    'layout',
    'dialect',
    'no-header',
    'files',
    'splits',
    'read-in-place',
    'pictures-found',
    'path-repaired',
    'captions-made',
    'folders-no-classes',
    'captions-not-read',
    'columns',
    'unreadable-text',
    'several-files',
    'other-files',
    'several-captions',
    'names-found',
    'class-ids',
    'class-untidy',
    'class-alike',
    'class-several',
    'class-missing',
    'class-name-twice',
    'missing-for-pandas',
    'duplicates',
    'leak',
    'near-duplicates',
    'reading-chosen',
    'classes-merged',
    'placed-otherwise',
    'not-looked-at',
  ]),
  message: z.string(),
  /** How many paths, pictures, rows ... it is about, where it is about some. */
  count: z.number().int().optional(),
});
export type ImportNote = z.infer<typeof importNoteSchema>;
