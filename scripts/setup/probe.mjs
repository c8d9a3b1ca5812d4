import { createRequire } from 'node:module';
import path from 'node:path';
import { locateTensorflow } from './tensorflow-location.mjs';

// node probe.mjs tensorflow FOLDER | libraries
// Loads what a name stands for and prints what it found as one line of JSON, in a process of its own: native code
// that cannot run here ends this process, not the one that asks.

const require = createRequire(import.meta.url);

/** TensorFlow's version and devices, loaded as the engine loads it: `{version, devices: [{name, type}]}` or `{error}`. */
async function probeTensorflow(folder) {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const { loadTensorflowApi } = await import('../../main/engine/tensorflow/c-api.ts');
  const { EagerContext } = await import('../../main/engine/tensorflow/eager-context.ts');
  const place = locateTensorflow();
  const inFolder = (file) => path.join(folder, path.basename(file));
  try {
    const api = loadTensorflowApi({
      ...place,
      folder,
      cc: inFolder(place.cc),
      framework: inFolder(place.framework),
    });
    return { version: api.TF_Version(), devices: new EagerContext(api).devices };
  } catch (error) {
    return { error: error.message };
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

const [what, folder] = process.argv.slice(2);
const answer = what === 'tensorflow' ? await probeTensorflow(folder) : probeLibraries();
process.stdout.write(`${JSON.stringify(answer)}\n`);
