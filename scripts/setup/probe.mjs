import { createRequire } from 'node:module';
import path from 'node:path';
import { locateCuda } from './cuda/cuda-release.mjs';
import { locateTensorflow } from './tensorflow-location.mjs';
import { problemFile, problems } from './tensorflow-problem.mjs';

// node probe.mjs tensorflow FOLDER | cuda FOLDER | device NAME | libraries | database FILE
// Loads what a name stands for and prints what it found as one line of JSON, in a process of its own: native code
// that cannot run here ends this process, not the one that asks.

const require = createRequire(import.meta.url);

/** TensorFlow as the engine loads it, from a folder that is to become its place: `{version}`, or `{error, advice}`. */
function probeTensorflow(folder) {
  return probeBuild(locateTensorflow(), folder, problemFile(locateTensorflow()));
}

/** As {@link probeTensorflow}, its CUDA build, after NVIDIA's libraries: none of this needs a GPU. */
async function probeCuda(folder) {
  const place = locateCuda();
  const { openNvidiaLibraries } = await import('../../main/engine/devices/cuda.ts');
  try {
    openNvidiaLibraries(
      place.nvidia.map((file) => path.join(folder, path.basename(file))),
      folder,
    );
  } catch (error) {
    return { error: error.details.problem, advice: error.details.advice };
  }
  return probeBuild(place, folder, folder);
}

async function probeBuild(place, folder, fileToDelete) {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const { registerTensorflow } = await import('../../main/engine/tensorflow/load-tensorflow.ts');
  const inFolder = (file) => path.join(folder, path.basename(file));
  try {
    return {
      version: registerTensorflow({ ...place, cc: inFolder(place.cc), framework: inFolder(place.framework) })
        .version,
    };
  } catch (error) {
    const { message, advice } = problems.doesNotLoad(error.message, fileToDelete);
    return { error: message, advice };
  }
}

/** One of the engine's devices, loaded as the engine does: `{version, hardware, folder}`, or `{problem, advice, folder}`. */
async function probeDevice(name) {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const { useDevice } = await import('../../main/engine/backend.ts');
  try {
    const { version, hardware, folder } = await useDevice(name);
    return { version, hardware, folder };
  } catch (error) {
    if (error.kind !== 'unavailable') throw error;
    const { problem = error.message, advice = null, folder = null } = error.details;
    return { problem, advice, folder };
  }
}

const libraries = {
  'TensorFlow.js': () => require('@tensorflow/tfjs-core').version_core,
  'TensorFlow.js wasm': () => require('@tensorflow/tfjs-backend-wasm').version_wasm,
  SQLite: () => {
    const Database = require('better-sqlite3');
    const db = new Database(':memory:');
    try {
      return db.prepare('SELECT sqlite_version()').pluck().get();
    } finally {
      db.close();
    }
  },
  sharp: () => require('sharp').versions.sharp,
  libvips: () => require('sharp').versions.vips,
  koffi: () => require('koffi').version,
};

/** `[{name, version, problem}]`, one of the last two null. */
function probeLibraries() {
  return Object.entries(libraries).map(([name, readVersion]) => {
    try {
      return { name, version: readVersion(), problem: null };
    } catch (error) {
      return { name, version: null, problem: error.message };
    }
  });
}

/** The schema version that a workspace's database carries, read only: `{version}`, or `{error}`. */
function probeDatabase(file) {
  const Database = require('better-sqlite3');
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    try {
      return { version: db.pragma('user_version', { simple: true }) };
    } finally {
      db.close();
    }
  } catch (error) {
    return { error: error.message };
  }
}

const probes = {
  tensorflow: probeTensorflow,
  cuda: probeCuda,
  device: probeDevice,
  libraries: probeLibraries,
  database: probeDatabase,
};
const [what, argument] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await probes[what](argument))}\n`, () => process.exit());
