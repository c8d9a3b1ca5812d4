import type { Dataset } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { listDatasets } from '#db/datasets/datasets.ts';
import { buildEmojiDataset } from '#main/data/emoji/build-emoji-dataset.ts';
import type { JobContext } from '../engine/job-context.ts';
import { datasetFolder, type Workspace } from '../workspace.ts';

const name = 'emoji';

/**
 * The demo's dataset in this workspace: made the first time, which needs npm and the network, and found again
 * ever after. Its pictures lie in the workspace; lost ones are made again.
 * @throws WorkbenchError `unavailable` without npm or network; `conflict` where another dataset has the name;
 *   `cancelled`
 */
export async function addEmojiDataset(workspace: Workspace, context: JobContext): Promise<Dataset> {
  const present = listDatasets(workspace.db).find((dataset) => dataset.name === name);
  if (present !== undefined && present.source.kind !== 'emoji') {
    throw new WorkbenchError(
      'conflict',
      `The name '${name}' is taken by a dataset from ${present.source.path}: use another workspace (--workspace).`,
      { datasetId: present.id },
    );
  }
  const { newDataset, records } = await buildEmojiDataset(datasetFolder(workspace, name), {
    signal: context.interrupt.gentle,
    onProgress: ({ phase, done, total }) => context.reporter.progress(phase, done, total),
  });
  return present ?? importDataset(workspace.db, { ...newDataset, name }, [records]);
}
