import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { WorkbenchError } from '#contract/errors.ts';
import { type EmojiPackage, emojiRecipe, packageIntegrity } from './emoji-recipe.ts';

const runFile = promisify(execFile);

/**
 * Fetches a package's tarball with the npm client, as the person's npm is set up (registry, proxy, cache), checks
 * it against the pinned SHA-512 and gives its bytes. `folder` is used for the file meanwhile.
 *
 * Errors: `unavailable` where npm or the network is missing; `corrupt-file` where the content is not the expected
 * one; `cancelled`.
 */
export async function fetchPackage(
  name: EmojiPackage,
  folder: string,
  signal?: AbortSignal,
): Promise<Buffer> {
  const version = emojiRecipe.packages[name];
  await packWithNpm(`${name}@${version}`, folder, signal);
  const file = join(folder, `${name}-${version}.tgz`);
  const bytes = await readFile(file);
  await rm(file);
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (integrity !== packageIntegrity[name]) {
    throw new WorkbenchError(
      'corrupt-file',
      `npm gave another ${name}@${version} than the one published: run 'npm cache clean --force', check npm's registry setting, and try again.`,
      { package: name, version, integrity, expected: packageIntegrity[name] },
    );
  }
  return bytes;
}

async function packWithNpm(spec: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const npm = findNpm();
  const options = ['--ignore-scripts', '--loglevel=error', '--prefer-offline', '--no-update-notifier'];
  const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  try {
    await runFile(npm.command, [...npm.arguments, 'pack', spec, ...options, ...patience], {
      cwd: folder,
      shell: npm.shell,
      maxBuffer: 16 * 1024 * 1024,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) {
      throw new WorkbenchError('cancelled', 'The emoji dataset was not finished; nothing was kept of it.');
    }
    throw new WorkbenchError('unavailable', explainFailure(spec, cause), { package: spec }, { cause });
  }
}

/** The npm that runs this program, if one does; else the one on the path (a script of the shell on Windows). */
function findNpm(): { command: string; arguments: string[]; shell: boolean } {
  const script = process.env.npm_execpath ?? '';
  if (basename(script) === 'npm-cli.js')
    return { command: process.execPath, arguments: [script], shell: false };
  return { command: 'npm', arguments: [], shell: process.platform === 'win32' };
}

function explainFailure(spec: string, cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
    return `The emoji pictures come as npm packages, and there is no npm here: install Node.js with npm, then try again.`;
  }
  const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
  const said = lines.map((line) => line.replace(/^npm (error|ERR!)\s*/, '')).filter((line) => line !== '');
  const reason = said.find((line) => !/^(code|errno|syscall)\b/.test(line)) ?? output.trim().slice(0, 300);
  return `The package ${spec} with the emoji pictures could not be fetched (npm: ${reason}). Connect to the network, once is enough, and try again.`;
}
