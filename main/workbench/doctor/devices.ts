import { z } from 'zod';
import type { DeviceFinding } from '#contract/devices/finding.ts';
import { type DeviceName, deviceNames, devices } from '#contract/devices/index.ts';
import { runProbe } from './run-probe.ts';

const answerSchema = z.union([
  z.object({ version: z.string(), hardware: z.string(), folder: z.string().nullable() }),
  z.object({ problem: z.string(), advice: z.string().nullable(), folder: z.string().nullable() }),
]);

/** Every device that people choose from, loaded as the engine does it, each in a process of its own. */
export async function examineDevices(): Promise<DeviceFinding[]> {
  const names = deviceNames.filter((name) => !('forTests' in devices[name]));
  return Promise.all(names.map(examineDevice));
}

async function examineDevice(name: DeviceName): Promise<DeviceFinding> {
  const { answer, errors, end } = await runProbe('device', name);
  const found = {
    name,
    available: false,
    version: null,
    hardware: null,
    folder: null,
    problem: null,
    advice: null,
  };
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) {
    const last = errors.trim().split('\n').at(-1) ?? '';
    return { ...found, problem: `loading it ended with ${end}: ${last}`, advice: 'Choose another device.' };
  }
  return 'version' in parsed.data
    ? { ...found, ...parsed.data, available: true }
    : { ...found, ...parsed.data };
}

/** {@link examineDevices} once for a host, until it is forgotten: loading TensorFlow takes seconds. */
export function rememberDevices() {
  let found: Promise<DeviceFinding[]> | null = null;
  return {
    look(): Promise<DeviceFinding[]> {
      found ??= examineDevices();
      return found;
    },
    forget(): void {
      found = null;
    },
  };
}
