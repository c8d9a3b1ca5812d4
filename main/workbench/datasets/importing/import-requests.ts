import { resolve } from 'node:path';
import { z } from 'zod';
import type { Dataset } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { formatSchema } from '#contract/import.ts';
import { classSets } from '#core/prompts/class-sets.ts';
import { readImportRequest } from '#db/datasets/dataset-changes.ts';
import type { Database } from '#db/open.ts';
import type { ReadingRequest } from './choose-reading.ts';

/** How a dataset was read, so that its source can be read again; where it lies stands in the dataset's source. */
const importRequestSchema = z.object({
  format: formatSchema,
  templates: z.array(z.string()).nullable().optional(),
  prompts: z.array(z.string()).nullable().optional(),
  columns: z
    .object({
      delimiter: z.enum([',', '\t', ';', '|']).optional(),
      imageColumn: z.string().optional(),
      captionColumn: z.string().optional(),
      labelColumn: z.string().nullable().optional(),
      splitColumn: z.string().nullable().optional(),
    })
    .optional(),
  namesFile: z.string().optional(),
  classesFile: z.string().optional(),
  tidyClasses: z.boolean().optional(),
  testShare: z.number().optional(),
  splitSeed: z.number().optional(),
  /** Names that classes were given afterwards, by those that the source gives. */
  renamed: z.record(z.string(), z.string()).optional(),
});
export type KeptRequest = z.infer<typeof importRequestSchema>;

/** null: imported before it was kept, or made from another dataset. */
export function importRequestOf(db: Database, datasetId: string): KeptRequest | null {
  return importRequestSchema.nullable().catch(null).parse(readImportRequest(db, datasetId));
}

/** What of a request is kept, with the format that it was read as. */
export function toKeptRequest(request: ReadingRequest, format: KeptRequest['format']): KeptRequest {
  const { namesFile, classesFile } = request;
  return importRequestSchema.parse({
    ...request,
    format,
    // The program may stand in another folder then.
    ...(namesFile === undefined ? {} : { namesFile: resolve(namesFile) }),
    ...(classesFile === undefined || Object.hasOwn(classSets, classesFile)
      ? {}
      : { classesFile: resolve(classesFile) }),
  });
}

/**
 * How a dataset's source is read again.
 * @throws WorkbenchError `bad-input` for one that was made from another dataset or by the program
 */
export function requestToRefresh(
  db: Database,
  { id, name, source }: Dataset,
): KeptRequest & { path: string } {
  if (source.kind === 'csv' || source.kind === 'folder' || source.kind === 'files') {
    const kept = importRequestOf(db, id);
    if (kept !== null) return { ...kept, path: source.path };
  }
  throw new WorkbenchError(
    'bad-input',
    source.kind === 'csv' || source.kind === 'folder' || source.kind === 'files'
      ? `How '${name}' was read was not kept when it was imported: import ${source.path} again under another name.`
      : `'${name}' was not read from files of yours, so there is nothing to read again.`,
    { datasetId: id },
  );
}
