import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WorkbenchError } from '#contract/errors.ts';

/** The scripts beside this file. */
export type PytorchScript = 'pytorch_step.py' | 'pytorch_evaluate.py';

/** How PyTorch lays pictures out in memory. */
export type PytorchLayout = 'default' | 'channels_last';

/** PyTorch in a process of its own, which does the same work on demand. */
export interface PytorchPeer {
  torchVersion: string;
  /** Does it once: its milliseconds, as Python's clock has them, and the process's peak memory so far. */
  run(): Promise<{ ms: number; peakBytes: number }>;
  close(): void;
}

/**
 * @param python a Python with torch
 * @param sizes what the script reads first
 * @throws WorkbenchError `unavailable` where this Python or its torch does not start
 */
export async function startPytorchPeer(
  python: string,
  script: PytorchScript,
  sizes: Record<string, unknown>,
): Promise<PytorchPeer> {
  const child = spawn(python, [fileURLToPath(new URL(`./${script}`, import.meta.url))], { stdio: 'pipe' });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = once(child, 'error').then(([error]) => {
    throw new WorkbenchError('unavailable', `${python} could not be started: ${error.message}.`, { python });
  });
  failed.catch(() => {});
  const ask = async (line: string): Promise<Record<string, unknown>> => {
    child.stdin.write(`${line}\n`);
    const answer = await Promise.race([lines.next(), failed]);
    if (!answer.done) return JSON.parse(answer.value);
    const reason = errors.join('').trim().split('\n').at(-1) ?? '';
    throw new WorkbenchError('unavailable', `${python} ended: ${reason}`, { python });
  };
  try {
    const { torch } = await ask(JSON.stringify(sizes));
    return {
      torchVersion: String(torch),
      run: async () => {
        const { ms, peakBytes } = await ask('step');
        return { ms: Number(ms), peakBytes: Number(peakBytes) };
      },
      close: () => end(child),
    };
  } catch (error) {
    end(child);
    throw error;
  }
}

function end(child: ChildProcessWithoutNullStreams): void {
  child.stdin.end();
  child.kill();
}
