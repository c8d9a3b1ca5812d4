import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { whenWritable } from '#db/busy.ts';
import { type Adoption, adoptRun, listAdoptedCheckpoints } from '#db/runs/adopt-run.ts';
import { findRunsById } from '#db/runs/runs.ts';
import { findDamage } from '#main/data/files/checkpoint-hashes.ts';
import { makeWholeFolder } from '#main/data/files/whole-folder.ts';
import { runFolder, type Workspace } from '../../workspace.ts';
import { type RemoteTask, readTask } from './remote-task.ts';

/** Which checkpoints come back: that of the model, or those before it too. */
export const keptCheckpoints = ['last', 'all'] as const;
export type KeptCheckpoints = (typeof keptCheckpoints)[number];

const reportSchema = z.object({ runId: z.string(), weightsSha256: z.string() });
type Report = z.infer<typeof reportSchema>;

/**
 * Brings a task's run into the workspace, once: its files first, which must have the recorded hashes, then its rows. A
 * run that is here already is left as it is.
 * @returns the run's id
 * @throws WorkbenchError `bad-input` where the task left no result; `corrupt-file` where its files came back damaged
 */
export async function bringBack(
  workspace: Workspace,
  task: RemoteTask,
  keep: KeptCheckpoints,
): Promise<string> {
  const report = readReport(task);
  const { runId } = report;
  if (findRunsById(workspace.db, [runId]).length > 0) return runId;
  const from = join(task.folder, 'workspace');
  const adoption = { from: join(from, 'workbench.sqlite'), runId, lastCheckpointOnly: keep === 'last' };
  // Left by a program that was killed before it recorded the run.
  await rm(runFolder(workspace, runId), { recursive: true, force: true });
  await copyFiles(workspace, from, adoption, report);
  await whenWritable(workspace.db, () => adoptRun(workspace.db, adoption));
  return runId;
}

function readReport(task: RemoteTask): Report {
  const { report, said } = readTask(task);
  const parsed = reportSchema.safeParse(report);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError('bad-input', `The task left no result. It said last:\n${said}`, {
    folder: task.folder,
  });
}

async function copyFiles(
  workspace: Workspace,
  from: string,
  adoption: Adoption,
  { runId, weightsSha256 }: Report,
): Promise<void> {
  const checkpoints = listAdoptedCheckpoints(adoption);
  if (checkpoints.at(-1)?.weightsSha256 !== weightsSha256) {
    throw damaged(runId, `its model is not the one of weights ${weightsSha256} that the task reported`);
  }
  const ofRun = `runs/${runId}`;
  await makeWholeFolder(runFolder(workspace, runId), async (partial) => {
    const parts = [...checkpoints.map(({ path }) => path), `${ofRun}/embeddings`];
    for (const path of parts) {
      const target = join(partial, path.slice(ofRun.length));
      await cp(join(from, path), target, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
        // What was not measured has no embeddings; a checkpoint that is missing is damage.
        if (error.code !== 'ENOENT') throw error;
      });
    }
    for (const checkpoint of checkpoints) {
      const recorded = { 'weights.safetensors': checkpoint.weightsSha256 };
      const damage = await findDamage(join(partial, checkpoint.path.slice(ofRun.length)), recorded, null);
      if (damage !== null) throw damaged(runId, damage);
    }
  });
}

const damaged = (runId: string, reason: string) =>
  new WorkbenchError(
    'corrupt-file',
    `Run ${runId} came back damaged: ${reason}. Run the sweep again to make it anew.`,
    { runId },
  );
