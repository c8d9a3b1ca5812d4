import fs from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { spaceNeeded } from './pip.mjs';
import { say } from './say.mjs';
import {
  cacheFolder,
  locateTensorflow,
  tensorflowIsThere,
  tensorflowRelease,
} from './tensorflow-location.mjs';
import {
  forgetProblem,
  keepProblem,
  problemFile,
  problems,
  readProblem,
  TensorflowProblem,
} from './tensorflow-problem.mjs';
import { checkHash, downloadInto, explain, probe, unpackLibraries } from './wheel.mjs';

const workPrefix = '.unfinished-';
/**
 * Brings TensorFlow's two libraries into the cache: fetched by pip, checked against the pinned hash, unpacked,
 * loaded once to see that they work here, and only then moved to their place in one step. A wheel that arrived
 * whole is kept until then, so that an interrupted set-up need not fetch it again. Other checkouts wait.
 * @throws TensorflowProblem with what to do; Interrupted
 */
export async function fetchTensorflow(abort) {
  const release = tensorflowRelease();
  const library = locateTensorflow();
  if (!release || !library) throw problems.noRelease(process.platform, process.arch);
  const kept = readProblem(library);
  if (kept?.kind === 'does-not-load') throw kept;
  const cache = cacheFolder();
  try {
    fs.mkdirSync(cache, { recursive: true });
    const lock = path.join(cache, 'tensorflow.lock');
    const onWait = () => say(`Waiting: another program is fetching TensorFlow (${lock}).`);
    await withLock(lock, onWait, async () => {
      if (!tensorflowIsThere(library)) await fetchInto(cache, release, library, abort);
    });
  } catch (error) {
    const problem = explain(error, cache, release);
    if (problem instanceof TensorflowProblem) keepProblem(library, problem);
    throw problem;
  }
}

async function fetchInto(cache, release, library, abort) {
  for (const name of fs.readdirSync(cache)) {
    if (name.startsWith(workPrefix)) fs.rmSync(path.join(cache, name), { recursive: true, force: true });
  }
  checkSpace(cache, release);
  const work = fs.mkdtempSync(path.join(cache, workPrefix));
  const wheel = path.join(cache, release.wheel);
  try {
    if (!fs.existsSync(wheel)) await download(release, work, wheel, cache, abort);
    await checkHash(wheel, release, abort);
    const unpacked = path.join(work, path.basename(library.folder));
    fs.mkdirSync(unpacked);
    const files = [release.framework, release.cc].map((name) => ({ entry: `tensorflow/${name}`, name }));
    await unpackLibraries(wheel, files, unpacked, abort);
    const { version } = await probe(['tensorflow', unpacked], problemFile(library), abort);
    fs.renameSync(unpacked, library.folder);
    fs.rmSync(wheel);
    forgetProblem(library);
    say(`TensorFlow ${version} is ready.`);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function checkSpace(cache, release) {
  const { bavail, bsize } = fs.statfsSync(cache);
  if (bavail * bsize < spaceNeeded(release)) throw problems.diskFull(cache, spaceNeeded(release));
}

async function download(release, work, wheel, cache, abort) {
  const label = `Setting up: TensorFlow ${release.version} (${Math.round(release.wheelBytes / 1e6)} MB, once for all checkouts)`;
  fs.renameSync(await downloadInto(release, work, cache, label, abort), wheel);
}
