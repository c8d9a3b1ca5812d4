import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openDatabase } from '#db/open.ts';
import type { Recognised } from '#main/data/readers/readers.ts';
import type { JobContext } from '../../engine/job-context.ts';
import { chooseReading } from './choose-reading.ts';
import { type ImportOutcome, type ImportRequest, importFrom } from './import-dataset.ts';

/**
 * What an import would give, without keeping it: the same work, into a database that is thrown away.
 * @throws WorkbenchError as importFrom, but two plausible readings are listed, the first of them taken
 */
export async function previewDataset(
  request: ImportRequest,
  context: JobContext,
): Promise<ImportOutcome & { readings: Recognised[] }> {
  const { readings } = await chooseReading({ ...request, path: resolve(request.path) }, false);
  const folder = mkdtempSync(join(tmpdir(), 'ccw-preview-'));
  try {
    const db = openDatabase(join(folder, 'preview.sqlite'));
    try {
      return { ...(await importFrom({ db }, { ...request, yes: true }, context)), readings };
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
