import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { downloadWheel, spaceNeeded } from './pip.mjs';
import { withProgress } from './progress.mjs';
import { Interrupted, runStep } from './run-step.mjs';
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
import { ArchiveError, extractEntry, listEntries } from './unzip.mjs';

const probeFile = fileURLToPath(new URL('./probe.mjs', import.meta.url));
const workPrefix = '.unfinished-';
/** How native code ends that this processor or system cannot run. */
const faults = ['SIGILL', 'SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGFPE'];

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
    await unpack(wheel, release, unpacked, abort);
    const version = await probe(unpacked, library, abort);
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
  const arrived = await withProgress(label, release.wheelBytes, (onBytes) =>
    downloadWheel(release, work, cache, { abort, onBytes }),
  );
  fs.renameSync(arrived, wheel);
}

async function checkHash(wheel, release, abort) {
  const hash = crypto.createHash('sha256');
  await pipeline(fs.createReadStream(wheel, { highWaterMark: 1 << 20 }), hash, { signal: abort });
  if (hash.digest('hex') === release.sha256) return;
  fs.rmSync(wheel);
  throw problems.wrongHash(release.wheel);
}

async function unpack(wheel, release, folder, abort) {
  fs.mkdirSync(folder);
  const entries = await listEntries(wheel);
  const wanted = [release.framework, release.cc].map((name) => {
    const entry = entries.find((candidate) => candidate.name === `tensorflow/${name}`);
    if (!entry) throw new ArchiveError(wheel, `it holds no tensorflow/${name}`);
    return { entry, target: path.join(folder, name) };
  });
  const total = wanted.reduce((sum, { entry }) => sum + entry.bytes, 0);
  await withProgress('Setting up: unpacking it', total, async (onBytes) => {
    let before = 0;
    for (const { entry, target } of wanted) {
      await extractEntry(wheel, entry, target, { abort, onBytes: (bytes) => onBytes(before + bytes) });
      before += entry.bytes;
    }
  });
}

/** Loads the libraries in a process of their own. Gives TensorFlow's own version. */
async function probe(folder, library, abort) {
  const { code, signal, output } = await runStep(process.execPath, [probeFile, 'tensorflow', folder], {
    abort,
  });
  if (faults.includes(signal))
    throw problems.doesNotLoad(`loading it ended with ${signal}.`, problemFile(library));
  const line = output.split('\n').find((text) => text.startsWith('{'));
  if (code !== 0 || !line) throw new Error(`The probe of TensorFlow failed (${signal ?? code}):\n${output}`);
  const { version, error, advice } = JSON.parse(line);
  if (error) throw new TensorflowProblem('does-not-load', error, advice);
  return version;
}

/** What a person can act on; a fault of ours stays as it is. */
function explain(error, cache, release) {
  if (error instanceof TensorflowProblem || error instanceof Interrupted) return error;
  if (error.name === 'AbortError') return new Interrupted();
  if (error instanceof ArchiveError) return problems.damaged(error.message);
  if (error.code === 'ENOSPC') return problems.diskFull(cache, spaceNeeded(release));
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(error.code)) {
    return problems.notWritable(cache, error.message);
  }
  return error;
}
