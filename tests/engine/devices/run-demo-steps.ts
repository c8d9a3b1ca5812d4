import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./demo-step.ts', import.meta.url));

/** Runs demo-step.ts in a process of its own. */
export function runDemoSteps(
  device: string,
  steps: number,
  environment: Record<string, string> = {},
): { losses: number[]; squares: Record<string, number> } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, device, String(steps)], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error(`demo-step.ts ${device} ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout);
}
