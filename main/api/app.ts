import type { DeviceName } from '#contract/devices/index.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { inBackground } from '#main/workbench/background.ts';
import { type EngineLauncher, launchChildProcess } from '#main/workbench/engine/engine-process.ts';
import { createLiveQueue, type LiveQueue } from '#main/workbench/engine/live-queue.ts';
import { createReactions, type Reactions } from '#main/workbench/models/reactions.ts';
import { purgeDeletedRuns } from '#main/workbench/runs/deleted-runs.ts';
import { readSettings } from '#main/workbench/settings.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { createEventBus, type EventBus } from './events/event-bus.ts';
import { watchOtherPrograms } from './events/other-programs.ts';
import { createJobList, type JobList } from './jobs/job-list.ts';

export type HostKind = 'browser' | 'electron';

/** What lives as long as the host: every handler of the API works with it. */
export interface App {
  readonly workspace: Workspace;
  readonly host: HostKind;
  readonly events: EventBus;
  /** Work in the background: see JobList for how to start some. */
  readonly jobs: JobList;
  /** The engine and what waits for it. */
  readonly queue: LiveQueue;
  /** How models take pictures, beside the queue. */
  readonly reactions: Reactions;
  /** Starts an engine process. */
  readonly launchEngine: EngineLauncher;
  /** Tells every window of a failure that nobody waited for. */
  readonly problem: (message: string) => void;
  /** Has something done when the host ends, before the database is closed. */
  onClose(task: () => void): void;
  /** Asks running jobs to stop (a run writes a checkpoint first), waits for them, ends the engine, closes the database. */
  close(): Promise<void>;
}

export interface AppOptions {
  /** The workspace's folder; it is made where it is missing. */
  folder: string;
  host: HostKind;
  /** What computes where the settings leave it open; null: TensorFlow, else wasm. */
  device: DeviceName | null;
  /** How an engine process is started; left out: as a child process. */
  launchEngine?: EngineLauncher;
}

/**
 * Opens the workspace and starts nothing: the engine starts when the first job needs it.
 * @throws WorkbenchError as openWorkspace does
 */
export function createApp({ folder, host, device: named, launchEngine }: AppOptions): App {
  const workspace = openWorkspace(folder);
  const events = createEventBus();
  const problem = (message: string) => events.publish({ type: 'problem', message });
  inBackground('Removing deleted runs', () => purgeDeletedRuns(workspace), problem);
  const engines = {
    chosenDevice: () => {
      const { device } = readSettings(workspace);
      return device === 'automatic' ? named : device;
    },
    ...(launchEngine === undefined ? {} : { launch: launchEngine }),
  };
  const queue = createLiveQueue(workspace, { ...engines, problem, changed: () => events.changed('runs') });
  let closing: Promise<void> | null = null;
  const asked = createReactions(workspace, engines);
  const reactions: Reactions = {
    react(request, signal) {
      // A window that is still open may ask while the host closes: the engine that this would start nobody would end.
      if (closing !== null)
        return Promise.reject(new WorkbenchError('cancelled', 'The workbench is closing.'));
      return asked.react(request, signal);
    },
    close: () => asked.close(),
  };
  const jobs = createJobList({ queue, events });
  const closeTasks: (() => void)[] = [];
  const stopWatching = watchOtherPrograms(workspace, events, problem);
  return {
    workspace,
    host,
    events,
    jobs,
    queue,
    reactions,
    launchEngine: launchEngine ?? launchChildProcess,
    problem,
    onClose: (task) => void closeTasks.push(task),
    close() {
      closing ??= (async () => {
        stopWatching();
        await jobs.stopAll();
        await Promise.all([queue.close(), reactions.close()]);
        // What fails here must not keep the program from ending; the next start does it.
        for (const task of closeTasks) inBackground('Ending', task, () => {});
        inBackground(
          'Removing deleted runs',
          () => purgeDeletedRuns(workspace, { all: true }),
          () => {},
        );
        workspace.close();
      })();
      return closing;
    },
  };
}
