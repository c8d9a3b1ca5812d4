import { stat } from 'node:fs/promises';
import { WorkbenchError } from '#contract/errors.ts';
import type { InnerSource } from '#contract/picture-source.ts';
import { openParquet } from './open-parquet.ts';
import type { ParquetFile } from './parquet-file.ts';
import type { SourceDefinition } from './source-definition.ts';

/** Rows that are decoded at once: a row alone would take as long, since pages are compressed whole. */
const rowsAtOnce = 64;

/** Parts of files that are kept decoded: pictures that lie together are often wanted together. */
const keptParts = 8;

const files = new Map<string, { stamp: string; file: Promise<ParquetFile> }>();
const parts = new Map<string, Promise<Record<string, unknown>[]>>();

export const parquetSource: SourceDefinition<Extract<InnerSource, { kind: 'parquet' }>> = {
  async read({ path, column, row }) {
    const { stamp, file } = await openKept(path);
    const start = row - (row % rowsAtOnce);
    const rows = await keep(`${path}\n${stamp}\n${column}\n${start}`, () =>
      file.read(start, Math.min(start + rowsAtOnce, file.rows), [column]),
    );
    const bytes = bytesOf(rows[row - start]?.[column]);
    if (bytes !== null) return { bytes };
    throw new WorkbenchError(
      'corrupt-file',
      `Row ${row + 1} of ${path} has no picture in column '${column}'.`,
      { path, row, column },
    );
  },
  describe: ({ path, row }) => `row ${row + 1} of ${path}`,
};

/** The bytes in a cell, or in the field `bytes` of a struct as Hugging Face's datasets write it; null: there are none. */
export function bytesOf(cell: unknown): Buffer | null {
  if (cell instanceof Uint8Array) return Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength);
  if (typeof cell === 'object' && cell !== null && 'bytes' in cell) return bytesOf(cell.bytes);
  return null;
}

async function openKept(path: string): Promise<{ stamp: string; file: ParquetFile }> {
  const found = await stat(path).catch(() => null);
  const stamp = `${found?.size} ${found?.mtimeMs} ${found?.ino}`;
  let kept = files.get(path);
  if (kept?.stamp !== stamp) {
    kept = { stamp, file: openParquet(path) };
    // A failure is met by whoever waits for it, and not kept.
    kept.file.catch(() => files.delete(path));
    files.set(path, kept);
  }
  return { stamp, file: await kept.file };
}

function keep(name: string, read: () => Promise<Record<string, unknown>[]>) {
  const rows = parts.get(name) ?? read();
  rows.catch(() => parts.delete(name));
  parts.delete(name);
  parts.set(name, rows);
  for (const oldest of parts.keys()) {
    if (parts.size <= keptParts) break;
    parts.delete(oldest);
  }
  return rows;
}
