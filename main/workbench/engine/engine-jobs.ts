import type { EngineJob, JobResults } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Engine } from './engine-client.ts';
import type { JobContext } from './job-context.ts';

/**
 * Runs a job that has nothing to keep when it is stopped, and tells the person how far it is.
 * @param whenStopped what a stop leaves behind, for the message
 * @throws WorkbenchError `cancelled`, and as Engine.run does
 */
export async function runToEnd<K extends keyof JobResults>(
  engine: Engine,
  job: Extract<EngineJob, { kind: K }>,
  { reporter, interrupt }: JobContext,
  whenStopped: string,
): Promise<JobResults[K]> {
  const outcome = await engine.run<K>(
    job,
    {
      progress: (phase, done, total) => reporter.progress(phase, done, total),
      log: (text) => reporter.say(text),
    },
    interrupt,
  );
  if (outcome.state === 'done') return outcome.result;
  throw new WorkbenchError('cancelled', `Stopped as asked: ${whenStopped}`);
}
