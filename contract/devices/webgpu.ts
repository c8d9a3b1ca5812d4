import type { DeviceDefinition } from './device.ts';

export const webgpu = {
  backend: 'webgpu',
  label: 'GPU (WebGPU)',
  summary: "Any vendor's GPU, through Vulkan, Metal or Direct3D.",
} satisfies DeviceDefinition;
