import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { type LoadedDevice, missing } from './loader.ts';

const require = createRequire(import.meta.url);

/**
 * Any vendor's GPU through Dawn, which is Chromium's WebGPU (npm `webgpu`): over Vulkan on Linux, Metal on macOS,
 * Direct3D 12 on Windows. TensorFlow.js finds it where a browser has it, at `navigator.gpu`.
 */
export async function loadWebgpu(): Promise<LoadedDevice> {
  const { create, globals } = await openDawn();
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) {
    throw missing('no GPU answers.', adviceFor(process.platform));
  }
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  require('@tensorflow/tfjs-backend-webgpu');
  const { vendor, device, description } = adapter.info;
  const name = [description, device, vendor].find((text) => text !== '') ?? 'GPU';
  return { version: tf.version_core, hardware: name, folder: null };
}

async function openDawn(): Promise<typeof import('webgpu')> {
  try {
    return await import('webgpu');
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw missing(
      `Dawn does not load: ${reason}.`,
      `It has no build for every system; choose another device.`,
    );
  }
}

function adviceFor(platform: NodeJS.Platform): string {
  if (platform !== 'linux') return "Update the graphics card's driver.";
  return "On Linux it needs the Vulkan loader (libvulkan.so.1) and the driver of the graphics card (Debian: libvulkan1 and, but for NVIDIA's, mesa-vulkan-drivers).";
}
