import { cudaIsThere, cudaRelease, locateCuda } from '#scripts/setup/cuda/cuda-release.mjs';
import { registerTensorflow } from '../tensorflow/load-tensorflow.ts';
import { openLibrary } from '../tensorflow/open-library.ts';
import { type LoadedDevice, missing } from './loader.ts';

/** TensorFlow on an NVIDIA GPU. Whatever can be known without loading a gigabyte is looked at first. */
export async function loadCuda(): Promise<LoadedDevice> {
  const place = locateCuda();
  if (place === null) {
    throw missing(
      `TensorFlow publishes no CUDA libraries for ${process.platform} ${process.arch}.`,
      'Linux on x64 has them; elsewhere choose webgpu.',
    );
  }
  if (openLibrary('libcuda.so.1') !== null) {
    throw missing(
      'no NVIDIA driver: libcuda.so.1 not found.',
      'Install the driver of your NVIDIA GPU (CUDA 12, version 525 or newer), or choose another device.',
      place.folder,
    );
  }
  if (!cudaIsThere(place)) {
    const gigabytes = (cudaRelease.downloadBytes / 1e9).toFixed(1);
    throw missing(
      'the CUDA libraries were not fetched yet.',
      `\`npm run setup -- --device cuda\` fetches them (${gigabytes} GB).`,
      place.folder,
    );
  }
  openNvidiaLibraries(place.nvidia, place.folder);
  // A second engine, for the designer's model, needs its part of the GPU's memory.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  const { version, devices, oneDnn } = registerTensorflow(place);
  const gpu = devices.find(({ type }) => type === 'GPU');
  if (gpu === undefined) {
    throw missing(
      'TensorFlow found no NVIDIA GPU that it can use.',
      'See what nvidia-smi shows; TF_CPP_MIN_LOG_LEVEL=0 makes TensorFlow say why.',
      place.folder,
    );
  }
  return { version, oneDnn, hardware: gpu.name.replace(/^.*\/device:/, ''), folder: place.folder };
}

/**
 * Opens NVIDIA's libraries by their absolute paths, each after those that it needs: what TensorFlow later asks for by
 * name is then found open, and no LD_LIBRARY_PATH is needed.
 * @throws WorkbenchError `unavailable` naming the first that does not open
 */
export function openNvidiaLibraries(files: readonly string[], folder: string): void {
  for (const file of files) {
    const reason = openLibrary(file, { global: true });
    if (reason === null) continue;
    throw missing(
      `${file} does not open: ${reason}.`,
      `Delete ${folder} and fetch it again with \`npm run setup -- --device cuda\`.`,
      folder,
    );
  }
}
