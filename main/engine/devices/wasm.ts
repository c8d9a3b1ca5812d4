import { createRequire } from 'node:module';
import path from 'node:path';
import type { LoadedDevice } from './loader.ts';

export async function loadWasm(): Promise<LoadedDevice> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const folder = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  wasm.setWasmPaths(`${folder}${path.sep}`);
  return { version: wasm.version_wasm, hardware: 'CPU (WebAssembly)', folder: null };
}
