import { implement } from '@orpc/server';
import { workspaceApi } from '#contract/api/workspace.ts';
import { listFolders } from '#main/data/files/list-folders.ts';
import { createDiskUse } from '#main/workbench/disk-use.ts';
import { rememberDevices } from '#main/workbench/doctor/devices.ts';
import { findObjects } from '#main/workbench/find-objects.ts';
import { readLineage } from '#main/workbench/lineage.ts';
import { nameProblem } from '#main/workbench/names.ts';
import { countAll } from '#main/workbench/overview.ts';
import { readProgram } from '#main/workbench/program.ts';
import { readSettings, saveSettings } from '#main/workbench/settings.ts';
import type { App } from '../app.ts';
import { watchEvents } from '../events/watch.ts';
import { startDemo } from '../jobs/demo-job.ts';

const os = implement(workspaceApi);

/** The workspace as a whole: what it is and holds, its jobs, news, settings. */
export function createWorkspaceRouter(app: App) {
  const { workspace, host, jobs, queue, events } = app;
  const { folder } = workspace;
  const diskUse = createDiskUse(folder);
  const { name, version } = readProgram();
  const devices = rememberDevices();
  return os.router({
    info: os.info.handler(async () => {
      const { state, environment, message } = queue.engine();
      return {
        folder,
        program: `${name} ${version}`,
        host,
        queue: queue.owner(),
        engine: {
          state,
          backend: environment?.backend ?? null,
          version: environment?.backendVersion ?? null,
          device: environment?.device ?? null,
          message,
        },
        ...(await diskUse()),
        totals: countAll(workspace),
      };
    }),
    watch: os.watch.handler(({ input, signal }) =>
      watchEvents(events, { jobs: () => jobs.list(), signal, after: input?.after }),
    ),
    jobs: os.jobs.handler(() => jobs.list()),
    stopJob: os.stopJob.handler(({ input }) => ({ stopping: jobs.stop(input.jobId) })),
    dismissJob: os.dismissJob.handler(({ input }) => ({ dismissed: jobs.dismiss(input.jobId) })),
    startDemo: os.startDemo.handler(({ input }) => ({ jobId: startDemo(app, input.seed) })),
    folders: os.folders.handler(({ input }) => listFolders(input.path)),
    lineage: os.lineage.handler(({ input }) => readLineage(workspace, input)),
    find: os.find.handler(({ input }) => findObjects(workspace, input.text)),
    checkName: os.checkName.handler(({ input }) => ({
      problem: nameProblem(workspace, input.kind, input.name),
    })),
    settings: os.settings.handler(() => readSettings(workspace)),
    saveSettings: os.saveSettings.handler(({ input }) => {
      const { theme, device, reducedMotion, sameBits } = input;
      const settings = saveSettings(workspace, {
        ...(theme === undefined ? {} : { theme }),
        ...(device === undefined ? {} : { device }),
        ...(reducedMotion === undefined ? {} : { reducedMotion }),
        ...(sameBits === undefined ? {} : { sameBits }),
      });
      events.changed('settings');
      return settings;
    }),
    doctor: os.doctor.handler(async () => {
      devices.forget();
      const { examine, formatDoctor } = await import('#main/workbench/doctor/doctor.ts');
      return { report: formatDoctor(await examine({ workspace: folder })) };
    }),
    devices: os.devices.handler(() => devices.look()),
  });
}
