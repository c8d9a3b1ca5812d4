import { createRequire } from 'node:module';
import path from 'node:path';
import { locateTensorflow, tensorflowIsThere } from './tensorflow-location.mjs';
import { problemFile, problems, readProblem } from './tensorflow-problem.mjs';

// node probe.mjs tensorflow [FOLDER] | libraries | database FILE
// Loads what a name stands for and prints what it found as one line of JSON, in a process of its own: native code
// that cannot run here ends this process, not the one that asks.

const require = createRequire(import.meta.url);

/**
 * TensorFlow as the engine loads it, from its place or from a folder that is to become it:
 * `{folder, version, devices: [{name, type}]}`, or `{folder, error, advice}`.
 */
async function probeTensorflow(folder) {
  const place = locateTensorflow();
  if (!place) return refuse(null, problems.noRelease(process.platform, process.arch));
  if (!folder && !tensorflowIsThere(place))
    return refuse(place.folder, readProblem(place) ?? problems.notFetched());
  const inFolder = (file) => path.join(folder ?? place.folder, path.basename(file));
  const library = { ...place, cc: inFolder(place.cc), framework: inFolder(place.framework) };
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const { loadTensorflowApi } = await import('../../main/engine/tensorflow/c-api.ts');
  const { EagerContext } = await import('../../main/engine/tensorflow/eager-context.ts');
  try {
    const api = loadTensorflowApi(library);
    return { folder: place.folder, version: api.TF_Version(), devices: new EagerContext(api).devices };
  } catch (error) {
    return refuse(
      place.folder,
      problems.doesNotLoad(error.message, folder ? problemFile(place) : place.folder),
    );
  }
}

function refuse(folder, { message, advice }) {
  return { folder, error: message, advice };
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

const probes = { tensorflow: probeTensorflow, libraries: probeLibraries, database: probeDatabase };
const [what, argument] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await probes[what](argument))}\n`);
