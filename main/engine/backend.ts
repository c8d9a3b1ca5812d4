import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '#contract/devices/backend.ts';
import { type DeviceName, deviceOfBackend, devices } from '#contract/devices/index.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { deviceLoaders } from './devices/index.ts';
import type { LoadedDevice } from './devices/loader.ts';

export interface UsedDevice extends LoadedDevice {
  name: DeviceName;
  backend: BackendName;
}

const loading = new Map<DeviceName, Promise<LoadedDevice>>();

/**
 * Makes a device the one that computes, loading it at its first use. A process has one build of TensorFlow: `cpu` and
 * `cuda` cannot both be used in it.
 * @throws WorkbenchError `unavailable` where this machine lacks it
 */
export async function useDevice(name: DeviceName): Promise<UsedDevice> {
  const { backend, label } = devices[name];
  let load = loading.get(name);
  if (!load) {
    load = deviceLoaders[name]();
    loading.set(name, load);
  }
  const loaded = await load;
  if (!(await tf.setBackend(backend))) {
    throw new WorkbenchError('unavailable', `${label} could not be started on this machine.`, { name });
  }
  return { ...loaded, name, backend };
}

/** {@link useDevice} by the backend that works on it. */
export function useBackend(name: BackendName): Promise<UsedDevice> {
  return useDevice(deviceOfBackend(name));
}
