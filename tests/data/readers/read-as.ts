import type { FormatName } from '#contract/import.ts';
import { checkPairs, type ImportItem } from '#main/data/importing/check-pairs.ts';
import type { ImportOptions } from '#main/data/importing/read-found.ts';
import { noNames } from '#main/data/readers/class-names.ts';
import { lookAt } from '#main/data/readers/look.ts';
import type { ReaderOptions } from '#main/data/readers/reader.ts';
import { readers } from '#main/data/readers/readers.ts';
import { collect } from '../picture-files.ts';

export type Asked = Partial<ReaderOptions>;

/** Everything that a format finds at a path, without its notes. */
export async function readAs(
  format: FormatName,
  path: string,
  { signal, onProgress, ...asked }: Asked & ImportOptions = {},
): Promise<ImportItem[]> {
  const options = { templates: ['a photo of a {}.'], names: noNames, ...asked };
  const reading = await readers[format].open(await lookAt(path), options);
  const items = await collect(
    checkPairs(reading, { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) }),
  );
  return items.filter(({ kind }) => kind !== 'note');
}
