import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { exportFormatSchema } from '#contract/dataset-export.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { exportStateFile } from '#main/data/export/export-state-file.ts';

/** Kept in the folder: what is written there, and which parts are whole. */
const stateSchema = z.object({
  datasetId: z.string(),
  dataset: z.string(),
  format: exportFormatSchema,
  records: z.number().int(),
  picturesPerPart: z.number().int(),
  parts: z.array(z.string()),
  complete: z.boolean(),
});
export type ExportState = z.infer<typeof stateSchema>;

/**
 * The state of an export into a folder: where one like it was cut short there, what it left.
 * @throws WorkbenchError `conflict` where the folder holds anything else
 */
export async function openExport(
  folder: string,
  fresh: Omit<ExportState, 'parts' | 'complete'>,
): Promise<ExportState> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  if (names.length === 0) return { ...fresh, parts: [], complete: false };
  const found = await readFile(join(folder, exportStateFile), 'utf8')
    .then((text) => stateSchema.safeParse(JSON.parse(text)))
    .catch(() => null);
  const state = found?.success === true ? found.data : null;
  const isSame =
    state !== null &&
    Object.entries(fresh).every(([name, value]) => state[name as keyof ExportState] === value);
  if (isSame) return state;
  throw new WorkbenchError(
    'conflict',
    `${folder} is not empty, and no export of '${fresh.dataset}' as ${fresh.format} was begun there: name a folder that does not exist, or an empty one.`,
    { folder },
  );
}

/** Writes the state whole or not at all. */
export async function saveState(folder: string, state: ExportState): Promise<void> {
  const path = join(folder, exportStateFile);
  await writeFile(`${path}.partial`, `${JSON.stringify(state)}\n`);
  await rename(`${path}.partial`, path);
}
