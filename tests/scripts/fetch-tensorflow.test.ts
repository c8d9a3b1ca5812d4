import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { locateTensorflow, tensorflowRelease, thisMachine } from '#scripts/setup/tensorflow-location.mjs';
import { fetchFile, makePath, runNode, startNode } from './run-process.ts';

const release = tensorflowRelease();
const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
const goesOn = 'Going on with the wasm backend';

let cache: string;
let home: string;
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'ccw-cache-'));
  home = mkdtempSync(path.join(tmpdir(), 'ccw-home-'));
});
afterEach(() => {
  for (const folder of [cache, home]) rmSync(folder, { recursive: true, force: true });
});

/** Names in the cache that set-up could take for something of its own. */
function leftOvers(): string[] {
  return readdirSync(cache).filter((name) => !name.endsWith('.problem.json'));
}

function fetchWith(scripts: Record<string, string>, more: Record<string, string> = {}) {
  return runNode([fetchFile], { PATH: makePath(scripts), CCW_CACHE: cache, ...more });
}

/** A python3 whose pip is a shell script. */
function pythonWith(download: string): Record<string, string> {
  return { python3: `case "$*" in *--version) echo pip 25.0;; *) ${download};; esac` };
}

describe.skipIf(release === null)('where something is missing, it says what and goes on', () => {
  test('no Python', async () => {
    const { code, stderr, stdout } = await fetchWith({});
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('no Python was found');
    expect(stderr).toContain('Install Python 3 with pip');
    expect(stderr).toContain(goesOn);
    expect(leftOvers()).toEqual([]);
  });

  test('a Python without pip', async () => {
    const python3 = 'echo "/usr/bin/python3: No module named pip" >&2; exit 1';
    const { code, stderr } = await fetchWith({ python3 });
    expect(code).toBe(0);
    expect(stderr).toContain('python3 has no pip');
    expect(stderr).toContain('python3 -m ensurepip');
    expect(stderr).toContain(goesOn);
  });

  test.each([
    ['no network', 'ReadTimeoutError(host=index): Read timed out', 'index cannot be reached'],
    ['another file under that name', 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM', 'SHA-256 differs'],
    ['not on the index', 'ERROR: No matching distribution found for tensorflow', 'does not offer'],
    ['a full disk', 'OSError: [Errno 28] No space left on device', 'not enough room'],
    ['anything else', 'ERROR: something nobody foresaw', 'something nobody foresaw'],
  ])('pip fails: %s', async (_name, output, message) => {
    const { code, stderr } = await fetchWith(pythonWith(`echo "${output}" >&2; exit 1`));
    expect(code).toBe(0);
    expect(stderr).toContain(message);
    expect(stderr).toContain(goesOn);
    expect(leftOvers()).toEqual([]);
  });

  test('a cache that cannot be made', async () => {
    const file = path.join(cache, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await fetchWith({}, { CCW_CACHE: path.join(file, 'cache') });
    expect(code).toBe(0);
    expect(stderr).toContain('cannot be written');
    expect(stderr).toContain('CCW_CACHE');
  });

  test.runIf(hasPip)('the real pip, which cannot reach its index', async () => {
    const env = { PATH: process.env.PATH!, HOME: home, CCW_CACHE: cache };
    const { stderr } = await runNode([fetchFile], { ...env, PIP_INDEX_URL: 'http://127.0.0.1:9/simple' });
    expect(stderr).toContain('index cannot be reached');
    expect(stderr).toContain(goesOn);
  });

  test.runIf(hasPip)(
    'the real pip, whose index has a tiny wheel of that name: refused by its hash',
    async () => {
      const links = mkdtempSync(path.join(tmpdir(), 'ccw-links-'));
      const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    z.writestr('tensorflow/${path.basename(locateTensorflow()!.cc)}', 'not TensorFlow')
    z.writestr(sys.argv[2] + '/METADATA', 'Metadata-Version: 2.1\\nName: ${release?.package}\\nVersion: ${release?.version}\\n')
    z.writestr(sys.argv[2] + '/WHEEL', 'Wheel-Version: 1.0\\nTag: cp311-cp311-${release?.platformTag}\\n')
    z.writestr(sys.argv[2] + '/RECORD', '')`;
      const info = `${release?.package.replace('-', '_')}-${release?.version}.dist-info`;
      spawnSync('python3', ['-c', script, path.join(links, release!.wheel), info]);
      const env = { PATH: process.env.PATH!, HOME: home, CCW_CACHE: cache };
      const local = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: links };
      const { stderr } = await runNode([fetchFile], { ...env, ...local });
      expect(stderr).toContain('SHA-256 differs');
      expect(leftOvers()).toEqual([]);
      rmSync(links, { recursive: true });
    },
  );
});

describe.skipIf(release === null)('what an earlier start left behind', () => {
  test('a wheel of other content is thrown away and never unpacked', async () => {
    writeFileSync(path.join(cache, release!.wheel), 'half a wheel');
    const { stderr } = await fetchWith(pythonWith('exit 1'));
    expect(stderr).toContain('SHA-256 differs');
    expect(leftOvers()).toEqual([]);
  });

  test('unfinished folders are removed, others stay', async () => {
    mkdirSync(path.join(cache, '.unfinished-abc'));
    writeFileSync(path.join(cache, '.unfinished-abc', 'half'), 'x');
    mkdirSync(path.join(cache, 'another'));
    await fetchWith({});
    expect(leftOvers()).toEqual(['another']);
  });

  test('libraries that do not load here are not fetched again, and the message says how to', async () => {
    const file = `${locateTensorflow({ ...thisMachine(), env: { CCW_CACHE: cache } })!.folder}.problem.json`;
    writeFileSync(
      file,
      JSON.stringify({ kind: 'does-not-load', message: 'no AVX', advice: `delete ${file}` }),
    );
    const { stderr } = await fetchWith(pythonWith('echo must not run >&2; exit 1'));
    expect(stderr).toContain('no AVX');
    expect(stderr).toContain(`delete ${file}`);
    expect(stderr).not.toContain('must not run');
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'a download ended by %s leaves no libraries',
    async (signal) => {
      const half = 'echo half > "$TMPDIR/half.whl"; echo started >&2; exec /bin/sleep 60';
      const env = { PATH: makePath(pythonWith(half)), CCW_CACHE: cache };
      const started = startNode([fetchFile], env);
      await waitUntil(() => leftOvers().some((name) => hasFile(path.join(cache, name), 'half.whl')));
      started.child.kill(signal);
      const end = await started.ended;
      if (signal === 'SIGKILL') expect(end.signal).toBe('SIGKILL');
      else expect(end.code).toBe(130);
      const { folder } = locateTensorflow({ ...thisMachine(), env: { CCW_CACHE: cache } })!;
      expect(existsSync(folder)).toBe(false);
      expect(existsSync(path.join(cache, release!.wheel))).toBe(false);
      // The next start clears what even kill -9 left.
      await fetchWith({});
      expect(leftOvers()).toEqual([]);
    },
  );
});

function hasFile(folder: string, name: string): boolean {
  try {
    return readdirSync(folder).includes(name);
  } catch {
    return false;
  }
}

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
