import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const version = '2.21.0';

/** Which build of TensorFlow serves which machine: pinned, and seen by unpacking it (docs/decisions/0001). */
const releases = {
  'linux-x64': {
    package: 'tensorflow-cpu',
    wheel: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    platformTag: 'manylinux_2_27_x86_64',
    wheelBytes: 273_829_956,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    cc: 'libtensorflow_cc.so.2',
    framework: 'libtensorflow_framework.so.2',
  },
  'linux-arm64': {
    package: 'tensorflow',
    wheel: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl',
    platformTag: 'manylinux_2_27_aarch64',
    wheelBytes: 281_828_020,
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    cc: 'libtensorflow_cc.so.2',
    framework: 'libtensorflow_framework.so.2',
  },
  'darwin-arm64': {
    package: 'tensorflow',
    wheel: 'tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl',
    platformTag: 'macosx_12_0_arm64',
    wheelBytes: 223_405_849,
    sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
    cc: 'libtensorflow_cc.2.dylib',
    framework: 'libtensorflow_framework.2.dylib',
  },
};

/** The machine this runs on, as the functions below want it. */
export function thisMachine() {
  return { platform: process.platform, arch: process.arch, env: process.env, home: os.homedir() };
}

/** The build for a machine, or null where there is none. */
export function tensorflowRelease(machine = thisMachine()) {
  const release = releases[`${machine.platform}-${machine.arch}`];
  return release ? { version, ...release } : null;
}

/** The folder that all checkouts of one person share: CCW_CACHE, else the platform's place for caches. Absolute. */
export function cacheFolder({ platform, env, home } = thisMachine()) {
  const { join, resolve } = pathsOf(platform);
  const name = 'cleanclip-workbench';
  if (env.CCW_CACHE) return resolve(env.CCW_CACHE);
  if (env.XDG_CACHE_HOME) return resolve(env.XDG_CACHE_HOME, name);
  if (platform === 'darwin') return join(home, 'Library', 'Caches', name);
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), name);
  return join(home, '.cache', name);
}

/**
 * Where TensorFlow's two libraries lie on a machine, whether or not they are there already; null where no build
 * serves. The folder appears whole, by renaming: where both files exist, they are complete.
 */
export function locateTensorflow(machine = thisMachine()) {
  const release = tensorflowRelease(machine);
  if (!release) return null;
  const { join } = pathsOf(machine.platform);
  const name = `${release.package}-${release.version}-${machine.platform}-${machine.arch}`;
  const folder = join(cacheFolder(machine), name);
  return {
    folder,
    cc: join(folder, release.cc),
    framework: join(folder, release.framework),
    version: release.version,
  };
}

/** Whether both libraries are in the cache. */
export function tensorflowIsThere(library = locateTensorflow()) {
  return library !== null && fs.existsSync(library.cc) && fs.existsSync(library.framework);
}

function pathsOf(platform) {
  return platform === 'win32' ? path.win32 : path.posix;
}
