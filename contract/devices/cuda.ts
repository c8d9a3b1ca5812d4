import type { DeviceDefinition } from './device.ts';

export const cuda = {
  backend: 'tensorflow',
  label: 'NVIDIA GPU (CUDA)',
  summary: 'TensorFlow on an NVIDIA GPU; `npm run setup -- --device cuda` fetches what it needs.',
} satisfies DeviceDefinition;
