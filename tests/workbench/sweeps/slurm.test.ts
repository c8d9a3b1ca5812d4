import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { slurmScript } from '#main/workbench/sweeps/remote/slurm.ts';
import { isEndState, parseSlurmStates } from '#main/workbench/sweeps/remote/slurm-states.ts';
import { makeFolder } from '../fixtures.ts';

// Files and the reading of states, on text in the form of SLURM's manuals; tests/clusters has its commands.
test('states of an array job: steps and ranges say nothing, of a task that ran twice the last line counts', () => {
  const text = [
    '812_0|NODE_FAIL',
    '812_0|COMPLETED',
    '812_0.batch|COMPLETED',
    '812_1|CANCELLED by 1000',
    '812_2|RUNNING',
    '812_[3-5]|PENDING',
    '',
  ].join('\n');
  expect([...parseSlurmStates(text)]).toEqual([
    [0, 'COMPLETED'],
    [1, 'CANCELLED'],
    [2, 'RUNNING'],
  ]);
});

test('a task that SLURM begins again has not ended', () => {
  const waiting = ['PENDING', 'RUNNING', 'COMPLETING', 'REQUEUED', 'NODE_FAIL', 'PREEMPTED', 'SUSPENDED'];
  expect(waiting.filter(isEndState)).toEqual([]);
  expect(['COMPLETED', 'FAILED', 'CANCELLED', 'TIMEOUT', 'OUT_OF_MEMORY'].every(isEndState)).toBe(true);
});

test('the script asks for what a run needs, and runs the task of its index', () => {
  const { folder, remove } = makeFolder();
  const tasks = [0, 1].map((index) => {
    const own = join(folder, `it's ${index}`);
    mkdirSync(own);
    const script = join(own, 'task.sh');
    writeFileSync(script, `echo ${index} > '${join(folder, 'ran')}'\n`);
    return { index, folder: own, command: ['/bin/bash', script] };
  });
  const script = slurmScript(tasks, folder, { partition: 'gpu', cpus: 4, gpus: 1, time: '2:00:00' });
  expect(script.match(/^#SBATCH .*$/gm)).toEqual([
    '#SBATCH --job-name=ccw-sweep',
    '#SBATCH --array=0,1',
    '#SBATCH --partition=gpu',
    '#SBATCH --cpus-per-task=4',
    '#SBATCH --gpus-per-task=1',
    '#SBATCH --time=2:00:00',
    `#SBATCH --output=${folder}/slurm-%A_%a.txt`,
    '#SBATCH --requeue',
    '#SBATCH --open-mode=append',
  ]);
  const path = join(folder, 'job.sh');
  writeFileSync(path, script);
  execFileSync('/bin/bash', [path], { env: { SLURM_ARRAY_TASK_ID: '1', PATH: process.env.PATH } });
  expect(readFileSync(join(folder, 'ran'), 'utf8')).toBe('1\n');
  remove();
});
