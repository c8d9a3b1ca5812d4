import { resolve } from 'node:path';
import type { ParityReport } from '#contract/engine.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import type { Workspace } from '../workspace.ts';

/** Checks the engine against a folder of reference figures (tests/fixtures/reference is one). */
export async function checkParity(
  workspace: Workspace,
  fixtures: string,
  context: JobContext,
): Promise<ParityReport> {
  const job = { kind: 'parity', fixtures: resolve(fixtures) } as const;
  return withEngine(workspace, context, (engine) =>
    runToEnd<'parity'>(engine, job, context, 'not all figures were checked.'),
  );
}
