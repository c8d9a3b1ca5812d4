import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { openRegularFile } from '../files/open-regular-file.ts';
import { readRange } from './read-range.ts';

/** A Parquet file whose footer is read. */
export interface ParquetFile {
  path: string;
  rows: number;
  columns: string[];
  /** First row of each row group, and one past the last row. */
  groupStarts: number[];
  /** Names of a column of class numbers, as Hugging Face's datasets keep them in the footer; null: none. */
  classNames(column: string | null): string[] | null;
  /** Rows from `rowStart` to before `rowEnd`; text comes as strings, bytes as arrays of bytes. */
  read(rowStart: number, rowEnd: number, columns: readonly string[]): Promise<Record<string, unknown>[]>;
}

/** @throws WorkbenchError `not-found`; `corrupt-file` where it is no whole Parquet file */
export async function openParquet(path: string): Promise<ParquetFile> {
  const file = await fileBuffer(path);
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(file);
  } catch (cause) {
    throw damaged(path, cause);
  }
  const groupStarts = [0];
  for (const { num_rows } of metadata.row_groups) groupStarts.push(groupStarts.at(-1)! + Number(num_rows));
  return {
    path,
    rows: Number(metadata.num_rows),
    columns: topColumns(metadata),
    groupStarts,
    classNames: (column) => (column === null ? null : classNamesOf(metadata, column)),
    async read(rowStart, rowEnd, columns) {
      try {
        return await parquetReadObjects({
          file,
          metadata,
          compressors,
          rowStart,
          rowEnd,
          columns: [...columns],
          utf8: false,
        });
      } catch (cause) {
        if (cause instanceof WorkbenchError) throw cause;
        throw damaged(path, cause);
      }
    },
  };
}

const featuresSchema = z.object({
  info: z.object({
    features: z.record(z.string(), z.object({ names: z.array(z.string()).optional() }).loose()),
  }),
});

function classNamesOf({ key_value_metadata }: FileMetaData, column: string): string[] | null {
  const text = key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return null;
  try {
    return featuresSchema.parse(JSON.parse(text)).info.features[column]?.names ?? null;
  } catch {
    return null;
  }
}

/** Names of the columns at the top: a struct is one. */
function topColumns({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  let at = 1;
  const pass = () => {
    const children = schema[at]?.num_children ?? 0;
    at += 1;
    for (let child = 0; child < children; child += 1) pass();
  };
  while (at < schema.length) {
    names.push(schema[at]!.name);
    pass();
  }
  return names;
}

async function fileBuffer(path: string): Promise<AsyncBuffer> {
  const { handle, bytes } = await openRegularFile(path, 'Parquet file');
  await handle.close();
  return {
    byteLength: bytes,
    async slice(start, end = bytes) {
      const from = start < 0 ? bytes + start : start;
      const part = await readRange(path, from, end - from);
      return new Uint8Array(part).buffer;
    },
  };
}

function damaged(path: string, cause: unknown): WorkbenchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WorkbenchError(
    'corrupt-file',
    `${path} cannot be read as a Parquet file: ${reason}. Fetch or write it again.`,
    { path },
    { cause },
  );
}
