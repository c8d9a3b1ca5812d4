import fs from 'node:fs';
import path from 'node:path';
import { runStep } from './run-step.mjs';
import { problems } from './tensorflow-problem.mjs';

const pollMs = 250;
const networkTimeoutSeconds = 20;
const noPipPattern = /No module named '?pip/;

/**
 * Finds a pip: python3's, python's, or one on the path by itself.
 * @returns the words that start it
 * @throws TensorflowProblem `no-python` or `no-pip`
 */
export async function findPip(abort) {
  const starts = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];
  let withoutPip = null;
  for (const [command, ...args] of starts) {
    const { code, output } = await runStep(command, [...args, '--version'], { abort });
    if (code === 0) return [command, ...args];
    if (noPipPattern.test(output)) withoutPip ??= command;
  }
  throw withoutPip ? problems.noPip(withoutPip) : problems.noPython();
}

/**
 * Lets pip fetch a release's wheel into `folder`, which is pip's own temporary folder too, so that an interrupted
 * download lies nowhere else. pip checks the hash. The local Python's version and platform do not matter.
 * @returns the wheel's path
 * @throws TensorflowProblem saying what pip met
 */
export async function downloadWheel(release, folder, cacheFolder, { abort, onBytes }) {
  const [command, ...start] = await findPip(abort);
  const requirements = path.join(folder, 'requirements.txt');
  const target = path.join(folder, 'wheel');
  fs.writeFileSync(requirements, `${release.package}==${release.version} --hash=sha256:${release.sha256}\n`);
  const args = ['download', '--requirement', requirements, '--dest', target, '--no-deps', '--require-hashes'];
  args.push('--only-binary=:all:', '--implementation=cp', '--python-version=311', '--abi=cp311');
  args.push(
    `--platform=${release.platformTag}`,
    '--no-cache-dir',
    '--disable-pip-version-check',
    '--no-input',
  );
  args.push('--progress-bar=off', '--retries=1', `--timeout=${networkTimeoutSeconds}`);
  const env = { ...process.env, TMPDIR: folder, PIP_REQUIRE_VIRTUALENV: 'false', LC_ALL: 'C' };
  const timer = setInterval(() => onBytes(largestFile(folder)), pollMs);
  try {
    const { code, output } = await runStep(command, [...start, ...args], { abort, env });
    if (code !== 0) throw explainPip(output, release, cacheFolder);
  } finally {
    clearInterval(timer);
  }
  return path.join(target, release.wheel);
}

function explainPip(output, release, cacheFolder) {
  if (/DO NOT MATCH THE HASHES/.test(output)) return problems.wrongHash(release.wheel);
  if (/No space left on device|ENOSPC/.test(output))
    return problems.diskFull(cacheFolder, spaceNeeded(release));
  if (
    /ConnectionError|NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|IncompleteRead|Connection broken|Temporary failure in name resolution|Network is unreachable/.test(
      output,
    )
  ) {
    return problems.noNetwork(cacheFolder);
  }
  if (/No matching distribution found/.test(output)) return problems.notOffered(release.wheel);
  return problems.pipFailed(output);
}

/** Room for the wheel and its two libraries (about 3.2 times as large), in bytes. */
export function spaceNeeded(release) {
  return Math.round(release.wheelBytes * 4.2);
}

function largestFile(folder) {
  let largest = 0;
  try {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const full = path.join(folder, entry.name);
      largest = Math.max(largest, entry.isDirectory() ? largestFile(full) : fs.statSync(full).size);
    }
  } catch {}
  return largest;
}
