import { locateTensorflow, tensorflowIsThere } from '#scripts/setup/tensorflow-location.mjs';
import { problems, readProblem } from '#scripts/setup/tensorflow-problem.mjs';
import { registerTensorflow } from '../tensorflow/load-tensorflow.ts';
import { type LoadedDevice, missing } from './loader.ts';

/** TensorFlow on this machine's processor, from the libraries that set-up put into the cache. */
export async function loadCpu(): Promise<LoadedDevice> {
  const library = locateTensorflow();
  if (library === null) {
    const { message, advice } = problems.noRelease(process.platform, process.arch);
    throw missing(message, advice);
  }
  if (!tensorflowIsThere(library)) {
    const { message, advice } = readProblem(library) ?? problems.notFetched();
    throw missing(message, advice, library.folder);
  }
  try {
    const { version, oneDnn } = registerTensorflow(library);
    return { version, oneDnn, hardware: 'CPU', folder: library.folder };
  } catch (error) {
    const { message, advice } = problems.doesNotLoad(String(error), library.folder);
    throw missing(message, advice, library.folder);
  }
}
