import type { DeviceDefinition } from './device.ts';

export const cpu = {
  backend: 'tensorflow',
  label: 'CPU',
  summary: "TensorFlow on this machine's processor.",
} satisfies DeviceDefinition;
