import { z } from 'zod';
import { formatSchema } from './import.ts';
import { recordSourceSchema } from './picture-source.ts';

export const splitSchema = z.enum(['train', 'validation', 'test']);
export type Split = z.infer<typeof splitSchema>;

/** Whether a record is as it was imported: `ready`, or what the last check of it or of its source found instead. */
export const recordStateSchema = z.enum(['ready', 'missing', 'changed', 'gone']);
export type RecordState = z.infer<typeof recordStateSchema>;

/** A pair of a picture and a caption, as an importer finds it and the database keeps it. */
export const recordSchema = z.object({
  /**
   * The record's name, unique in its dataset: its picture's key (a relative path with `/`) and, from the second caption
   * of a picture on, `#2`, `#3` ... behind it.
   */
  key: z.string().min(1),
  /** The picture's key where that is not the record's own. */
  picture: z.string().min(1).optional(),
  /** Where the picture is, where it is no file at its key below the dataset's root. */
  source: recordSourceSchema.optional(),
  caption: z.string().min(1),
  label: z.string().min(1).nullable(),
  /** What is seen, in words, apart from the caption (an emoji's name): fills {label} in caption templates; null where unknown. */
  name: z.string().min(1).nullable(),
  split: splitSchema,
  /**
   * SHA-256 (hex) that the picture is known by: of a JPEG over its file's bytes, else over width, height and raw RGB bytes
   * (main/data/pictures/picture-identity). null, as are its sizes: the picture was not looked at yet.
   */
  sha256: z.string().length(64).nullable(),
  width: z.number().int().positive().nullable(),
  height: z.number().int().positive().nullable(),
  /** What it looks like (core/pixels/look), to find near duplicates; left out: not worked out. */
  look: z.instanceof(Uint8Array).optional(),
});
export type NewRecord = z.infer<typeof recordSchema>;

/** The key of a record's picture, which all records of that picture have in common. */
export function pictureKeyOf({ key, picture = key }: Pick<NewRecord, 'key' | 'picture'>): string {
  return picture;
}

export interface DatasetRecord extends NewRecord {
  id: number;
  datasetId: string;
}

/** Where a dataset came from; kept whole so that it can be made again. */
export const datasetSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('csv'), path: z.string() }),
  z.object({ kind: z.literal('folder'), path: z.string() }),
  /** Anything else that a reader knows. */
  z.object({ kind: z.literal('files'), format: formatSchema, path: z.string() }),
  z.object({ kind: z.literal('emoji'), packages: z.record(z.string(), z.string()) }),
  /** Another dataset's records without the most suspicious of a detection. */
  z.object({
    kind: z.literal('cleaned'),
    /** Of the pictures, which stay where they are. */
    path: z.string(),
    dataset: z.string(),
    variant: z.string().nullable(),
    detectionId: z.string(),
    removed: z.number().int().min(0),
  }),
  /** Another dataset's records, those that a person chose, some with captions that the person corrected. */
  z.object({
    kind: z.literal('selected'),
    /** Of the pictures, which stay where they are. */
    path: z.string(),
    dataset: z.string(),
    /** How many of its records are left out. */
    removed: z.number().int().min(0),
    corrected: z.array(z.object({ key: z.string(), from: z.string(), to: z.string() })),
    /** How many got another split, so that duplicates are in one. */
    moved: z.number().int().min(1).optional(),
    /** Classes that have another name; captions that were made from them do too. */
    classes: z.array(z.object({ from: z.string(), to: z.string() })).optional(),
  }),
]);
export type DatasetSource = z.infer<typeof datasetSourceSchema>;

export interface NewDataset {
  name: string;
  source: DatasetSource;
  /** Absolute folder that record keys are relative to. */
  root: string;
  /** Zero-shot prompts, each with one `{}` for the class name. */
  prompts: string[];
  /** Templates for captions of poisoned records; may use {class}, {label}, {tag} and {}. */
  captionTemplates: string[];
  /** The program writes the pictures below root itself: they are removed with the dataset. Left out: no. */
  picturesMade?: true;
  /** Its pictures are not looked at by the import. Left out: they are. */
  unchecked?: boolean;
}

export interface Dataset extends Omit<NewDataset, 'picturesMade' | 'unchecked'> {
  id: string;
  createdAt: string;
  /** Pairs of a picture and a caption. */
  records: number;
  /** Different pictures among them. */
  pictures: number;
  /** The labels that occur, sorted by code point: the order of every per-class table. */
  classes: string[];
  /** Nobody has looked at its pictures yet: their sizes, hashes and duplicates are not known, nor whether they can be read. */
  unchecked: boolean;
}

/** A row that an import left out, and why. CSV rows count from 1 with the header as row 1; folders give the relative path. */
export interface SkippedRow {
  row: number | string;
  reason: string;
}

export const defaultPrompts = ['a photo of a {}.'];
