import { z } from 'zod';
import type { BackendName } from './backend.ts';
import { cpu } from './cpu.ts';
import { cuda } from './cuda.ts';
import type { DeviceDefinition } from './device.ts';
import { javascript } from './javascript.ts';
import { wasm } from './wasm.ts';
import { webgpu } from './webgpu.ts';

/** In the order in which people are shown them. */
export const deviceNames = ['cpu', 'cuda', 'webgpu', 'wasm', 'javascript'] as const;
export const deviceNameSchema = z.enum(deviceNames);
export type DeviceName = (typeof deviceNames)[number];

export const devices = {
  cpu,
  cuda,
  webgpu,
  wasm,
  javascript,
} satisfies Record<DeviceName, DeviceDefinition>;

/** The device that a backend works on where none is named. */
export function deviceOfBackend(backend: BackendName): DeviceName {
  const name = deviceNames.find((candidate) => devices[candidate].backend === backend);
  if (name === undefined) throw new RangeError(`no device works with ${backend}`);
  return name;
}

/** The device of a run, by what was kept with it; null where it never began. */
export function deviceOfRun(
  environment: { deviceName?: DeviceName | undefined; backend: BackendName } | null,
): DeviceName | null {
  return environment === null ? null : (environment.deviceName ?? deviceOfBackend(environment.backend));
}
