import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CudaWheel } from '#scripts/setup/cuda/cuda-release.mjs';
import { fetchCuda } from '#scripts/setup/cuda/fetch-cuda.mjs';

const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
const before = { ...process.env };
let cache: string;
let links: string;

beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'ccw-cuda-'));
  links = mkdtempSync(path.join(tmpdir(), 'ccw-links-'));
  process.env = { ...before, CCW_CACHE: cache, PIP_NO_INDEX: '1', PIP_FIND_LINKS: links };
});
afterEach(() => {
  process.env = before;
  for (const folder of [cache, links]) rmSync(folder, { recursive: true, force: true });
});

/** A tiny wheel of the form of NVIDIA's: one library that is wanted and one that is not. */
function makeWheel(name: string, tag: string): CudaWheel {
  const wheel = `${name.replaceAll('-', '_')}-1.0-${tag}.whl`;
  const file = path.join(links, wheel);
  const script = `
import sys, zipfile
file, name, tag = sys.argv[1:]
info = name.replace('-', '_') + '-1.0.dist-info/'
with zipfile.ZipFile(file, 'w') as z:
    z.writestr('nvidia/x/lib/lib' + name + '.so', 'library of ' + name)
    z.writestr('nvidia/x/lib/libunwanted.so', 'nobody loads this')
    z.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: ' + name + '\\nVersion: 1.0\\n')
    z.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nTag: ' + tag + '\\n')
    z.writestr(info + 'RECORD', '')`;
  const made = spawnSync('python3', ['-c', script, file, name, tag], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  return {
    package: name,
    version: '1.0',
    wheel,
    platformTag: 'manylinux_2_27_x86_64',
    wheelBytes: statSync(file).size,
    sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
    folder: 'nvidia/x/lib',
    libraries: [`lib${name}.so`],
    libraryBytes: 20,
  };
}

const nvidiaTag = 'py3-none-manylinux_2_27_x86_64';

function options(wheels: CudaWheel[]) {
  const folder = path.join(cache, 'cuda');
  const opened: string[][] = [];
  return {
    opened,
    folder,
    release: { wheels },
    place: { folder, cc: path.join(folder, 'libb.so'), framework: '', version: '1.0', nvidia: [] },
    check: async (partial: string) => void opened.push(readdirSync(partial).sort()),
  };
}

describe.skipIf(!hasPip)('fetching (needs a Python with pip)', () => {
  test('an interrupted set-up goes on with the wheel that is missing', async () => {
    const first = makeWheel('a', nvidiaTag);
    const second = makeWheel('b', 'cp311-cp311-manylinux_2_27_x86_64');
    const away = path.join(cache, 'away.whl');
    renameSync(path.join(links, second.wheel), away);
    const how = options([first, second]);
    await expect(fetchCuda(undefined, how)).rejects.toMatchObject({ kind: 'not-offered' });
    expect(existsSync(how.folder)).toBe(false);
    expect(how.opened).toEqual([]);

    // The first wheel is gone from the index: were it fetched again, this would fail.
    rmSync(path.join(links, first.wheel));
    renameSync(away, path.join(links, second.wheel));
    await fetchCuda(undefined, how);
    expect(how.opened).toEqual([['a.done', 'b.done', 'liba.so', 'libb.so']]);
    expect(readdirSync(how.folder).sort()).toEqual(['liba.so', 'libb.so']);
    expect(readFileSync(path.join(how.folder, 'liba.so'), 'utf8')).toBe('library of a');
    expect(readdirSync(cache)).toEqual(['cuda']);
  });

  test('a wheel whose hash differs is never unpacked', async () => {
    const wheel = { ...makeWheel('b', nvidiaTag), sha256: '0'.repeat(64) };
    const how = options([wheel]);
    await expect(fetchCuda(undefined, how)).rejects.toMatchObject({ kind: 'wrong-hash' });
    expect(readdirSync(`${how.folder}.partial`)).toEqual([]);
    expect(existsSync(how.folder)).toBe(false);
  });

  test('what does not open is not taken for whole', async () => {
    const how = options([makeWheel('b', nvidiaTag)]);
    const refuse = () => Promise.reject(new Error('libb.so does not open'));
    await expect(fetchCuda(undefined, { ...how, check: refuse })).rejects.toThrow('does not open');
    expect(existsSync(how.folder)).toBe(false);
  });
});
