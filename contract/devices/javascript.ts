import type { DeviceDefinition } from './device.ts';

export const javascript = {
  backend: 'cpu',
  label: 'JavaScript',
  summary: 'Plain JavaScript, for tests: by far the slowest.',
  forTests: true,
} satisfies DeviceDefinition;
