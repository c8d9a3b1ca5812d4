import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '#main/workbench/sweeps/remote/cluster.ts';
import type { RemoteTask } from '#main/workbench/sweeps/remote/remote-task.ts';

/**
 * A cluster of one machine, this one, that makes tasks one after another as real programs. Of the tasks of its second
 * stage the first is killed once it has written a checkpoint, and begun again, as Ray and SLURM do.
 */
export function processCluster(): Cluster & { commands: string[][] } {
  const commands: string[][] = [];
  let stage = 0;
  return {
    commands,
    async *run(tasks) {
      stage += 1;
      for (const [place, task] of tasks.entries()) {
        commands.push(task.command);
        if (stage === 2 && place === 0) {
          commands.push(task.command);
          await run(task, true);
        }
        const code = await run(task, false);
        yield { index: task.index, done: code === 0, message: code === 0 ? null : `It ended with ${code}.` };
      }
    },
  };
}

function run({ command, folder }: RemoteTask, kill: boolean): Promise<number | null> {
  const [program = '', ...args] = command;
  const child = spawn(program, args);
  const output = join(folder, 'output.jsonl');
  const look = setInterval(() => {
    if (!kill || !existsSync(output) || !readFileSync(output, 'utf8').includes('"event":"checkpoint"'))
      return;
    clearInterval(look);
    child.kill('SIGKILL');
  }, 5);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(look);
      resolve(code);
    });
  });
}
