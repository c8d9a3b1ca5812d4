import type { DeviceName } from '#contract/devices/index.ts';
import { loadCpu } from './cpu.ts';
import { loadCuda } from './cuda.ts';
import { loadJavascript } from './javascript.ts';
import type { DeviceLoader } from './loader.ts';
import { loadWasm } from './wasm.ts';
import { loadWebgpu } from './webgpu.ts';

export const deviceLoaders = {
  cpu: loadCpu,
  cuda: loadCuda,
  webgpu: loadWebgpu,
  wasm: loadWasm,
  javascript: loadJavascript,
} satisfies Record<DeviceName, DeviceLoader>;
