import * as tf from '@tensorflow/tfjs-core';
import type { LoadedDevice } from './loader.ts';

export async function loadJavascript(): Promise<LoadedDevice> {
  await import('@tensorflow/tfjs-backend-cpu');
  return { version: tf.version_core, hardware: 'CPU (JavaScript)', folder: null };
}
