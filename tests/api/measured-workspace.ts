import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import type { VariantRequest } from '#contract/api/variants.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { createEventBus } from '#main/api/events/event-bus.ts';
import type { JobPlan, JobResult } from '#main/api/jobs/job-list.ts';
import { createComparisonRouter } from '#main/api/routers/comparison.ts';
import { createDetectionsRouter, createScansRouter } from '#main/api/routers/detections.ts';
import { createModelsRouter } from '#main/api/routers/models.ts';
import type { Engine } from '#main/workbench/engine/engine-client.ts';
import { launchChildProcess } from '#main/workbench/engine/engine-process.ts';
import type { RunContext } from '#main/workbench/engine/job-context.ts';
import { withEngine } from '#main/workbench/engine/queue.ts';
import { planRun } from '#main/workbench/runs/run-plans.ts';
import { createRunViewer } from '#main/workbench/runs/run-views.ts';
import { runPlan } from '#main/workbench/runs/runs.ts';
import { createVariant } from '#main/workbench/variants/variants.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, scratchConfig, silentContext } from '../workbench/fixtures.ts';

/** Short: what is tested is how results are kept and shown, not how good they are. */
const settings = { epochs: 2, batchSize: 8, warmupSteps: 1 };

/**
 * A workspace with three colours, a variant for each of two seeds, a small model trained on each (poisoned-0 and
 * poisoned-1), a control from the first and a supervised head from the second. Its pictures lie beside it.
 * @param parent where its folder is made
 */
export async function makeMeasuredWorkspace(parent?: string) {
  const temporary = makeFolder(parent);
  const workspace = openWorkspace(join(temporary.folder, 'workspace'));
  const context = silentContext();
  const { id: dataset } = await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  const { engine, release } = await holdEngine(workspace);
  for (const seed of [0, 1]) {
    const variant = await createVariant(workspace, poisonFor(dataset, seed), context);
    const config = scratchConfig(settings, { data: { kind: 'variant', id: variant.id }, seed });
    const plan = planRun(workspace, { name: `poisoned-${seed}`, config });
    await runPlan(workspace, engine, plan, context);
  }
  const defend = (method: 'mmcl' | 'supervised', model: string, name: string) => {
    const start = { kind: 'model' as const, model };
    const config = scratchConfig(settings, { start, data: { kind: 'dataset', id: dataset }, method });
    return runPlan(workspace, engine, planRun(workspace, { name, config }), context);
  };
  await defend('mmcl', 'poisoned-0', 'control');
  await defend('supervised', 'poisoned-1', 'head');
  const jobs = createJobs(engine);
  const changed: string[] = [];
  const bus = createEventBus();
  const events = { ...bus, changed: (...topics: string[]) => void changed.push(...topics) };
  const host = { workspace, jobs, events, launchEngine: launchChildProcess };
  const { viewAll } = createRunViewer(workspace);
  /** Ends the engine and closes the workspace, which stays. */
  const close = async () => {
    await release();
    workspace.close();
  };
  return {
    workspace,
    jobs,
    models: createRouterClient(createModelsRouter(host, viewAll)),
    comparison: createRouterClient(createComparisonRouter(host, viewAll)),
    detections: createRouterClient(createDetectionsRouter(host)),
    scans: createRouterClient(createScansRouter(host)),
    /** What windows were told of, in order. */
    changed,
    close,
    async remove() {
      await close();
      temporary.remove();
    },
  };
}

function poisonFor(dataset: string, seed: number): VariantRequest {
  return {
    dataset,
    name: `poison-${seed}`,
    resolution: 12,
    seed,
    parts: [{ trigger: defaultPatch(3, 12), target: 'red', amount: { kind: 'count', count: 4 } }],
  };
}

/** One engine for the whole of a test file, as a host has it. */
async function holdEngine(workspace: Workspace): Promise<{ engine: Engine; release: () => Promise<void> }> {
  let end = () => {};
  let ended: Promise<void> = Promise.resolve();
  const engine = await new Promise<Engine>((resolve, reject) => {
    ended = withEngine(workspace, silentContext(), (started) => {
      resolve(started);
      return new Promise<void>((done) => {
        end = done;
      });
    });
    ended.catch(reject);
  });
  return {
    engine,
    release() {
      end();
      return ended;
    },
  };
}

/** Starts jobs at once on the engine, and remembers how they end. */
function createJobs(engine: Engine) {
  const ends = new Map<string, Promise<JobResult>>();
  const said: string[] = [];
  return {
    /** What jobs said, in order. */
    said,
    startOnEngine(_plan: JobPlan, work: (engine: Engine, context: RunContext) => Promise<JobResult>): string {
      const jobId = `job-${ends.size}`;
      const reporter = { progress: () => {}, say: (text: string) => void said.push(text) };
      ends.set(jobId, work(engine, { ...silentContext(), reporter }));
      return jobId;
    },
    /** Waits for a job. @returns what it made */
    async finish({ jobId }: { jobId: string | null }): Promise<JobResult> {
      return (await ends.get(jobId ?? '')) ?? null;
    },
  };
}
