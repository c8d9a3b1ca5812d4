import type { ParquetFile } from './parquet-file.ts';

/** As parquet-file.ts, which is loaded here: what reads Parquet is large, and most programs never meet such a file. */
export async function openParquet(path: string): Promise<ParquetFile> {
  const parquet = await import('./parquet-file.ts');
  return parquet.openParquet(path);
}
