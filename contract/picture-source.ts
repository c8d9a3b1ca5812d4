import { z } from 'zod';

/** A member of a tar archive: its bytes lie at an offset, and nothing is unpacked. */
const tarSourceSchema = z.object({
  kind: z.literal('tar'),
  path: z.string(),
  offset: z.number().int().min(0),
  bytes: z.number().int().min(0),
});

/** The bytes in one row of a Parquet file: `column` is a column of bytes, or a struct with a field `bytes`. */
const parquetSourceSchema = z.object({
  kind: z.literal('parquet'),
  path: z.string(),
  column: z.string(),
  row: z.number().int().min(0),
});

/** Plain pixels at an offset: all reds, all greens, all blues, one byte each, as CIFAR's binary files have them. */
const planesSourceSchema = z.object({
  kind: z.literal('planes'),
  path: z.string(),
  offset: z.number().int().min(0),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});

/** Where a picture lies inside a file. `path` is relative to the dataset's root where it is stored, else absolute. */
export const innerSourceSchema = z.discriminatedUnion('kind', [
  tarSourceSchema,
  parquetSourceSchema,
  planesSourceSchema,
]);
export type InnerSource = z.infer<typeof innerSourceSchema>;

/** A file whose path is not the picture's key any more: it was found elsewhere by its pixels. */
const movedSourceSchema = z.object({ kind: z.literal('file'), path: z.string() });

/** Where a record's picture is, where that is no file at the picture's key. */
export const recordSourceSchema = z.discriminatedUnion('kind', [
  tarSourceSchema,
  parquetSourceSchema,
  planesSourceSchema,
  movedSourceSchema,
]);
export type RecordSource = z.infer<typeof recordSourceSchema>;

/** Where a picture is: a file of its own (its path), or a part of one. */
export const pictureSourceSchema = z.union([z.string(), innerSourceSchema]);
export type PictureSource = z.infer<typeof pictureSourceSchema>;

/** The file that a picture's bytes are in. */
export function fileOf(source: PictureSource): string {
  return typeof source === 'string' ? source : source.path;
}
