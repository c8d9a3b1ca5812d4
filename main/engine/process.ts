import { setPriority } from 'node:os';
import { deviceNameSchema } from '#contract/devices/index.ts';
import { type EngineJob, engineDeviceVariable, type FromEngine, sameBitsVariable } from '#contract/engine.ts';
import { toWireError, WorkbenchError } from '#contract/errors.ts';
import { explainError } from '#main/data/explain-error.ts';
import { useDevice } from './backend.ts';
import { endWithParent } from './end-with-parent.ts';
import { openHostPort } from './host-port.ts';
import { type JobContext, JobStopped } from './job.ts';
import { runJob } from './jobs.ts';
import { returnFreedMemory } from './tensorflow/allocator.ts';

/**
 * The engine's process: says `ready` once its backend is loaded, then does one job at a time. It keeps nothing that
 * is not on disk, so it may be killed at any moment; it ends by itself when its host is gone.
 */
const port = openHostPort();
let current: { jobId: string; stopRequested: boolean } | null = null;

port.onClose(() => process.exit(0));
endWithParent();
// A terminal sends these to the whole process group: the host decides what they mean.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
// What it writes is in the workspace, which is its owner's alone.
process.umask(0o077);
setPriority(5);

port.onMessage((message) => {
  if (message.type === 'stop') {
    if (current?.jobId === message.jobId) current.stopRequested = true;
    return;
  }
  const { jobId, job } = message;
  if (current) {
    const error = new WorkbenchError('busy', `The engine is still at job ${current.jobId}.`);
    port.send({ type: 'failed', jobId, error: toWireError(error) });
    return;
  }
  current = { jobId, stopRequested: false };
  void work(jobId, job).then((last) => {
    current = null;
    returnFreedMemory();
    port.send(last);
  });
});

async function work(jobId: string, job: EngineJob): Promise<FromEngine> {
  const context: JobContext = {
    emit: (event) => port.send({ ...event, jobId } as FromEngine),
    stopRequested: () => current?.stopRequested ?? false,
  };
  try {
    return { type: 'done', jobId, ...(await runJob(job.kind, job, context)) } as FromEngine;
  } catch (error) {
    if (error instanceof JobStopped) return { type: 'stopped', jobId, step: error.step };
    const folder = job.kind === 'train' ? job.outputFolder : null;
    return { type: 'failed', jobId, error: toWireError(explainError(error, folder)) };
  }
}

try {
  const device = await useDevice(deviceNameSchema.parse(process.env[engineDeviceVariable] ?? 'cpu'));
  port.send({
    type: 'ready',
    pid: process.pid,
    environment: {
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      deviceName: device.name,
      backend: device.backend,
      backendVersion: device.version,
      device: device.hardware,
      ...(device.oneDnn === undefined ? {} : { oneDnn: device.oneDnn }),
      ...(device.name === 'cuda' && process.env[sameBitsVariable] === '1' ? { sameBits: true } : {}),
    },
  });
} catch (error) {
  port.send({ type: 'refused', error: toWireError(error) });
  process.disconnect?.();
}
