import fs from 'node:fs';
import path from 'node:path';
import { withLock } from '../lock.mjs';
import { say } from '../say.mjs';
import { cacheFolder } from '../tensorflow-location.mjs';
import { problems } from '../tensorflow-problem.mjs';
import { checkHash, downloadInto, explain, probe, unpackLibraries } from '../wheel.mjs';
import { cudaIsThere, cudaRelease, locateCuda } from './cuda-release.mjs';

const size = (bytes) => (bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(2)} GB`);

/**
 * Brings the CUDA build of TensorFlow and NVIDIA's libraries into the cache: one wheel after another is fetched by pip,
 * checked against its pinned hash, and what is loaded of it unpacked; then the wheel goes. What is unpacked stays when
 * set-up is interrupted, so the next start goes on with the next wheel. At the end everything is opened once, in a
 * process of its own, and moved to its place in one step.
 * @param options.release for tests: what to fetch, and `place` where to put it
 * @throws TensorflowProblem with what to do; Interrupted
 */
export async function fetchCuda(
  abort,
  { release = cudaRelease, place = locateCuda(), check = probeCuda } = {},
) {
  if (place === null) throw problems.noRelease(process.platform, `${process.arch} with CUDA`);
  if (cudaIsThere(place)) {
    say(`The CUDA libraries are there already (${place.folder}).`);
    return;
  }
  const cache = cacheFolder();
  let current = null;
  try {
    fs.mkdirSync(cache, { recursive: true });
    const lock = path.join(cache, 'tensorflow-cuda.lock');
    const onWait = () => say(`Waiting: another program is fetching the CUDA libraries (${lock}).`);
    await withLock(lock, onWait, async () => {
      if (cudaIsThere(place)) return;
      const partial = `${place.folder}.partial`;
      fs.mkdirSync(partial, { recursive: true });
      const left = release.wheels.filter((wheel) => !fs.existsSync(stamp(partial, wheel)));
      announce(release, left, place);
      checkSpace(cache, left);
      for (current of left) await fetchWheel(current, partial, cache, abort);
      await check(partial, abort);
      for (const wheel of release.wheels) fs.rmSync(stamp(partial, wheel));
      fs.renameSync(partial, place.folder);
      say(`The CUDA libraries are ready (${place.folder}).`);
    });
  } catch (error) {
    throw explain(error, cache, current ?? release.wheels[0]);
  }
}

function announce(release, left, place) {
  const done = release.wheels.length - left.length;
  say(
    `To fetch for CUDA, into ${place.folder}${done > 0 ? ` (${done} of ${release.wheels.length} are there)` : ''}:`,
  );
  for (const wheel of left)
    say(`  ${`${wheel.package} ${wheel.version}`.padEnd(38)} ${size(wheel.wheelBytes).padStart(8)}`);
  const download = left.reduce((sum, wheel) => sum + wheel.wheelBytes, 0);
  const unpacked = left.reduce((sum, wheel) => sum + wheel.libraryBytes, 0);
  say(`  ${size(download)} to download, ${size(unpacked)} on the disk afterwards.`);
}

/** Unpacked libraries and, one at a time, the wheel that they come from. */
function checkSpace(cache, left) {
  const largest = Math.max(0, ...left.map(({ wheelBytes }) => wheelBytes));
  const needed = left.reduce((sum, { libraryBytes }) => sum + libraryBytes, 0) + 2 * largest;
  const { bavail, bsize } = fs.statfsSync(cache);
  if (bavail * bsize < needed) throw problems.diskFull(cache, needed);
}

/** An empty file that says that a wheel's libraries are whole. */
function stamp(partial, wheel) {
  return path.join(partial, `${wheel.package}.done`);
}

async function fetchWheel(wheel, partial, cache, abort) {
  const file = path.join(partial, wheel.wheel);
  const work = path.join(partial, '.download');
  try {
    if (!fs.existsSync(file)) {
      fs.rmSync(work, { recursive: true, force: true });
      fs.mkdirSync(work);
      const label = `Setting up: ${wheel.package} ${wheel.version} (${size(wheel.wheelBytes)})`;
      fs.renameSync(await downloadInto(wheel, work, cache, label, abort), file);
    }
    await checkHash(file, wheel, abort);
    const files = [...wheel.libraries, ...(wheel.beside ?? [])].map((name) => ({
      entry: `${wheel.folder}/${name}`,
      name,
    }));
    await unpackLibraries(file, files, partial, abort);
    fs.writeFileSync(stamp(partial, wheel), '');
    fs.rmSync(file);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

async function probeCuda(folder, abort) {
  await probe(['cuda', folder], folder, abort);
}
