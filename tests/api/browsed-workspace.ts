import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { onTestFinished } from 'vitest';
import { createEventBus } from '#main/api/events/event-bus.ts';
import { createJobList } from '#main/api/jobs/job-list.ts';
import { createDatasetsRouter } from '#main/api/routers/datasets.ts';
import { createVariantsRouter } from '#main/api/routers/variants.ts';
import { createLiveQueue } from '#main/workbench/engine/live-queue.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { makeFolder } from '../workbench/fixtures.ts';

/** A real workspace with the API of datasets and variants over it; it goes with its test. */
export function openBrowsedWorkspace() {
  const { folder, remove } = makeFolder();
  const workspace = openWorkspace(join(folder, 'workspace'));
  const events = createEventBus();
  const queue = createLiveQueue(workspace, {
    chosenDevice: () => null,
    problem: () => {},
    changed: () => {},
  });
  const jobs = createJobList({ queue, events });
  onTestFinished(async () => {
    await jobs.stopAll();
    await queue.close();
    workspace.close();
    remove();
  });
  const finished = (jobId: string) =>
    new Promise<void>((resolve) => {
      const look = () => ['done', 'failed', 'stopped'].includes(jobs.find(jobId).state) && resolve();
      onTestFinished(events.subscribe(look));
      look();
    });
  return {
    folder,
    workspace,
    jobs,
    datasets: createRouterClient(createDatasetsRouter({ workspace, jobs, events })),
    variants: createRouterClient(createVariantsRouter({ workspace, jobs, events })),
    /** Waits for a job's end and gives it. */
    async finish({ jobId }: { jobId: string }) {
      await finished(jobId);
      return jobs.find(jobId);
    },
  };
}
