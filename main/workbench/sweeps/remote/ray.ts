import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { tryParseJson } from '#core/json/try-parse-json.ts';
import type { Cluster, TaskEnd } from './cluster.ts';

/** How tasks run on a Ray cluster. */
export interface RayOptions {
  /** Of the cluster, as ray.init takes it: `auto`, HOST:PORT or ray://HOST:PORT. */
  address: string;
  /** With the package ray of the cluster's version. */
  python: string;
  cpus: number;
  gpus: number;
  /** How often a task is begun again whose node or program is lost. */
  retries: number;
}

const driver = fileURLToPath(new URL('./ray_driver.py', import.meta.url));
const endSchema = z.object({
  index: z.number().int(),
  code: z.number().int().nullable(),
  error: z.string().nullable(),
});

/** Tasks on a Ray cluster, by a driver in Python. @throws WorkbenchError `bad-input` where Python has no ray */
export function rayCluster({ python, ...plan }: RayOptions): Cluster {
  const found = spawnSync(python, ['-c', 'import ray'], { encoding: 'utf8' });
  if (found.status !== 0) {
    throw new WorkbenchError(
      'bad-input',
      `${python} cannot import ray, which drives the cluster: install it there (pip install ray, in the cluster's version), or name another with --python.`,
      { python },
    );
  }
  return {
    async *run(tasks, folder, signal): AsyncGenerator<TaskEnd> {
      const path = join(folder, 'ray-tasks.json');
      writeFileSync(path, JSON.stringify({ ...plan, tasks }));
      const child = spawn(python, [driver, path], { stdio: ['ignore', 'pipe', 'pipe'], signal });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-2000);
      });
      const ended = new Promise<number | null>((resolve) => {
        // The signal's abort is an error, too: what counts is that the driver is gone.
        child.on('error', () => {});
        child.once('close', resolve);
      });
      for await (const line of createInterface({ input: child.stdout })) {
        const end = endSchema.safeParse(tryParseJson(line));
        if (!end.success) continue;
        const { index, code, error } = end.data;
        yield { index, done: code === 0, message: code === 0 ? null : (error ?? `It ended with ${code}.`) };
      }
      const code = await ended;
      if (code === 0 || signal.aborted) return;
      throw new WorkbenchError(
        'bad-input',
        `The Ray driver ended with ${code ?? 'a signal'}. It said last:\n${said.trim()}`,
        { address: plan.address },
      );
    },
  };
}
