import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { WorkbenchError } from '#contract/errors.ts';
import type { Cluster, TaskEnd } from './cluster.ts';
import { type RemoteTask, readTask, shellWord } from './remote-task.ts';
import { isEndState, parseSlurmStates } from './slurm-states.ts';

/** How tasks run on a SLURM cluster. */
export interface SlurmOptions {
  partition: string | null;
  cpus: number;
  gpus: number;
  /** As sbatch's --time; null leaves it to the partition. */
  time: string | null;
}

const lookMs = 5_000;

/** The script of an array job: one task an index. A task whose node is lost is put in the queue again, and goes on. */
export function slurmScript(tasks: readonly RemoteTask[], folder: string, options: SlurmOptions): string {
  const { partition, cpus, gpus, time } = options;
  return [
    '#!/bin/bash',
    '#SBATCH --job-name=ccw-sweep',
    `#SBATCH --array=${tasks.map(({ index }) => index).join(',')}`,
    ...(partition === null ? [] : [`#SBATCH --partition=${partition}`]),
    `#SBATCH --cpus-per-task=${cpus}`,
    ...(gpus > 0 ? [`#SBATCH --gpus-per-task=${gpus}`] : []),
    ...(time === null ? [] : [`#SBATCH --time=${time}`]),
    `#SBATCH --output=${join(folder, 'slurm-%A_%a.txt')}`,
    '#SBATCH --requeue',
    '#SBATCH --open-mode=append',
    'case "$SLURM_ARRAY_TASK_ID" in',
    ...tasks.map(({ index, command }) => `  ${index}) exec ${command.map(shellWord).join(' ')} ;;`),
    'esac',
    '',
  ].join('\n');
}

/** Tasks as an array job of SLURM. @throws WorkbenchError `bad-input` where its commands cannot be called */
export function slurmCluster(options: SlurmOptions): Cluster {
  return {
    async *run(tasks, folder, signal): AsyncGenerator<TaskEnd> {
      const script = join(folder, 'slurm-job.sh');
      writeFileSync(script, slurmScript(tasks, folder, options));
      const job = requireOutput('sbatch', ['--parsable', script]).trim().split(';')[0] ?? '';
      const left = new Map(tasks.map((task) => [task.index, task]));
      try {
        while (left.size > 0 && !signal.aborted) {
          await wait(lookMs, undefined, { signal }).catch(() => {});
          for (const end of findEnded(job, left)) {
            left.delete(end.index);
            yield end;
          }
        }
      } finally {
        if (left.size > 0) requireOutput('scancel', [job]);
      }
    },
  };
}

/**
 * Tasks that ended since: no longer in the queue, or there in a state from which they do not come back. What squeue
 * forgot, sacct knows; where a cluster keeps no accounts, the task's result decides.
 */
function findEnded(job: string, left: ReadonlyMap<number, RemoteTask>): TaskEnd[] {
  const queue = readQueue(job);
  if (queue === null) return [];
  const gone = [...left.values()].filter(({ index }) => isEndState(queue.get(index) ?? 'COMPLETED'));
  if (gone.length === 0) return [];
  const { stdout } = call('sacct', ['--noheader', '--parsable2', '--format=JobID,State', '--jobs', job]);
  const accounts = parseSlurmStates(stdout);
  return gone.map((task): TaskEnd => {
    const { index } = task;
    const state = queue.get(index) ?? accounts.get(index) ?? null;
    const done = state === null ? readTask(task).report !== undefined : state === 'COMPLETED';
    return { index, done, message: done ? null : `SLURM: ${state ?? 'it is no longer in the queue'}.` };
  });
}

/** Tasks that squeue knows; null: nobody knows now, since SLURM could not be asked. */
function readQueue(job: string): Map<number, string> | null {
  const { status, stdout, stderr } = call('squeue', [
    '--noheader',
    '--array',
    '--states=all',
    '--format=%i|%T',
    '--jobs',
    job,
  ]);
  if (status === 0) return parseSlurmStates(stdout);
  // A job that ended long ago is forgotten.
  return /invalid job id/i.test(stderr) ? new Map() : null;
}

function requireOutput(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = call(command, args);
  if (status === 0) return stdout;
  throw new WorkbenchError(
    'bad-input',
    `${command} failed: ${error?.message ?? stderr.trim()}. A sweep runs on SLURM from a machine that has its commands.`,
    { command },
  );
}

const call = (command: string, args: readonly string[]) => spawnSync(command, args, { encoding: 'utf8' });
