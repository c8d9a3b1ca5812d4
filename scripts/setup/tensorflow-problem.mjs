import fs from 'node:fs';
import { locateTensorflow } from './tensorflow-location.mjs';

/** How the wasm backend compares with TensorFlow's, for a training step of the demo's model. */
export const wasmSlowdown = 'about 35 times slower';

/** Why TensorFlow is not there: `message` says what was found, `advice` what to do. The program goes on without. */
export class TensorflowProblem extends Error {
  constructor(kind, message, advice) {
    super(message);
    this.name = 'TensorflowProblem';
    this.kind = kind;
    this.advice = advice;
  }
}

/** One of each kind. */
export const problems = {
  noRelease: (platform, arch) =>
    new TensorflowProblem(
      'no-release',
      `TensorFlow publishes no libraries that serve on ${platform} ${arch}.`,
      'Nothing to do here: Linux (x64, arm64) and macOS (arm64) have them.',
    ),
  notFetched: () =>
    new TensorflowProblem(
      'not-fetched',
      'it was not fetched yet.',
      'Any `npm run` command of this project fetches it.',
    ),
  noPython: () =>
    new TensorflowProblem(
      'no-python',
      'no Python was found (tried python3 and python): its pip fetches TensorFlow.',
      'Install Python 3 with pip, then start again.',
    ),
  noPip: (python) =>
    new TensorflowProblem(
      'no-pip',
      `${python} has no pip, which fetches TensorFlow.`,
      `Install pip (${python} -m ensurepip --user, or your system's package python3-pip), then start again.`,
    ),
  noNetwork: (folder) =>
    new TensorflowProblem(
      'no-network',
      `the Python package index cannot be reached, and the cache ${folder} does not hold TensorFlow yet.`,
      'Connect to the network (or set up pip for your proxy or mirror) and start again; afterwards no network is needed.',
    ),
  notOffered: (wheel) =>
    new TensorflowProblem(
      'not-offered',
      `the Python package index that pip uses does not offer ${wheel}.`,
      'If pip is set to a mirror or a folder (pip config list, PIP_INDEX_URL, PIP_NO_INDEX), let it hold that file; otherwise update pip.',
    ),
  wrongHash: (wheel) =>
    new TensorflowProblem(
      'wrong-hash',
      `${wheel} is not the file that was pinned (its SHA-256 differs), so it was thrown away.`,
      'Start again; if it stays so, the index or mirror that pip uses serves another file: do not trust it.',
    ),
  diskFull: (folder, neededBytes) =>
    new TensorflowProblem(
      'disk-full',
      `there is not enough room for it in ${folder}.`,
      `Free ${(neededBytes / 1e9).toFixed(1)} GB there, or name another folder in CCW_CACHE, and start again.`,
    ),
  notWritable: (folder, reason) =>
    new TensorflowProblem(
      'not-writable',
      `the cache ${folder} cannot be written (${reason}).`,
      'Make it writable, or name another folder in CCW_CACHE, and start again.',
    ),
  pipFailed: (output) =>
    new TensorflowProblem(
      'pip-failed',
      `pip could not fetch it:\n${lastLines(output, 6)}`,
      'Start again; if it stays so, the lines above are what pip says.',
    ),
  damaged: (reason) =>
    new TensorflowProblem(
      'damaged',
      `its wheel cannot be unpacked (${reason}).`,
      'Start again to fetch it anew.',
    ),
  doesNotLoad: (reason, file) =>
    new TensorflowProblem(
      'does-not-load',
      `it does not load on this machine: ${reason}`,
      `It needs glibc 2.27 and, on x64, a processor with AVX. To try again, delete ${file}.`,
    ),
};

/** What a person reads when the program goes on without TensorFlow. */
export function describeProblem({ message, advice }) {
  return `TensorFlow is not available: ${message}\n  ${advice}\n  Going on with the wasm backend, which is ${wasmSlowdown}.`;
}

/** The file beside TensorFlow's folder that keeps why it is not there. */
export function problemFile(library = locateTensorflow()) {
  return `${library.folder}.problem.json`;
}

/** Keeps a problem for `doctor`; where nothing can be written, nobody misses it. */
export function keepProblem(library, { kind, message, advice }) {
  try {
    fs.writeFileSync(problemFile(library), JSON.stringify({ kind, message, advice }));
  } catch {}
}

export function forgetProblem(library) {
  fs.rmSync(problemFile(library), { force: true });
}

/** The problem kept last, or null. */
export function readProblem(library) {
  try {
    const { kind, message, advice } = JSON.parse(fs.readFileSync(problemFile(library), 'utf8'));
    return new TensorflowProblem(kind, message, advice);
  } catch {
    return null;
  }
}

function lastLines(text, count) {
  return text
    .trim()
    .split('\n')
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n');
}
