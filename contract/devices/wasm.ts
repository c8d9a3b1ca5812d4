import type { DeviceDefinition } from './device.ts';

export const wasm = {
  backend: 'wasm',
  label: 'WebAssembly',
  summary: 'Works everywhere, about 35 times slower than TensorFlow on the processor.',
} satisfies DeviceDefinition;
