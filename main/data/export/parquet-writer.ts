import { writeFile } from 'node:fs/promises';
import { type ParquetWriteOptions, parquetWriteBuffer } from 'hyparquet-writer';

import { type ExportedPicture, numbered, type PartWriter } from './exported-picture.ts';

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const;

/** A row for each picture, as Hugging Face's datasets have pictures and lists of texts. */
const schema: NonNullable<ParquetWriteOptions['schema']> = [
  { name: 'root', num_children: 5 },
  { name: 'image', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  { name: 'path', ...text },
  { name: 'captions', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', ...text },
  { name: 'label', ...text },
  { name: 'split', ...text },
  { name: 'sha256', ...text },
];

/** Parquet files; pictures are compressed already, so that pages are not. */
export const parquetParts: PartWriter = {
  name: (split, part) => `${split}-${numbered(part, 5)}.parquet`,
  async write(path, pictures) {
    const rows: ExportedPicture[] = [];
    for await (const picture of pictures) rows.push(picture);
    const buffer = parquetWriteBuffer({
      schema,
      codec: 'UNCOMPRESSED',
      columnData: [
        { name: 'image', data: rows.map(({ bytes, key }) => ({ bytes: new Uint8Array(bytes), path: key })) },
        { name: 'captions', data: rows.map(({ captions }) => captions) },
        { name: 'label', data: rows.map(({ label }) => label) },
        { name: 'split', data: rows.map(({ split }) => split) },
        { name: 'sha256', data: rows.map(({ sha256 }) => sha256) },
      ],
    });
    await writeFile(path, new Uint8Array(buffer));
  },
};
