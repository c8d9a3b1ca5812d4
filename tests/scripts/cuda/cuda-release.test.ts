import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { cudaRelease, locateCuda } from '#scripts/setup/cuda/cuda-release.mjs';

const linux = { platform: 'linux', arch: 'x64', env: {}, home: '/home/somebody' } as const;

/** What each library needs, as `readelf -d` shows it in NEEDED and RUNPATH of the pinned wheels' files. */
const needs = {
  'libcublas.so.12': ['libcublasLt.so.12'],
  'libcusparse.so.12': ['libnvJitLink.so.12'],
  'libcusolver.so.11': ['libcublas.so.12', 'libcublasLt.so.12', 'libcusparse.so.12', 'libnvJitLink.so.12'],
  'libcudnn.so.9': ['libcublas.so.12', 'libcublasLt.so.12', 'libnvrtc.so.12'],
} as const;

test('each library is opened after those that it needs', () => {
  const order = locateCuda(linux)!.nvidia.map((file) => basename(file));
  for (const [library, needed] of Object.entries(needs)) {
    for (const name of needed) {
      expect(order).toContain(name);
      expect(order.indexOf(name)).toBeLessThan(order.indexOf(library));
    }
  }
});

test('cuDNN finds its parts beside it, each once, and no compiler is fetched', () => {
  const all = cudaRelease.wheels.flatMap(({ libraries, beside = [] }) => [...libraries, ...beside]);
  expect(new Set(all).size).toBe(all.length);
  for (const part of [
    'ops',
    'cnn',
    'graph',
    'heuristic',
    'engines_precompiled',
    'engines_runtime_compiled',
  ]) {
    expect(all).toContain(`libcudnn_${part}.so.9`);
  }
  expect(cudaRelease.wheels.map((wheel) => wheel.package)).not.toContain('nvidia-cuda-nvcc-cu12');
});

test('the sizes shown are those of the wheels', () => {
  const sum = cudaRelease.wheels.reduce((total, { wheelBytes }) => total + wheelBytes, 0);
  expect(cudaRelease.downloadBytes).toBe(sum);
  expect(new Set(cudaRelease.wheels.map(({ sha256 }) => sha256)).size).toBe(cudaRelease.wheels.length);
});

test('what wants a driver is left to cuDNN to open', () => {
  // libcudnn_engines_runtime_compiled.so.9 does not open without libcuda.so.1 (seen on a machine without a GPU).
  expect(locateCuda(linux)!.nvidia.filter((file) => basename(file).startsWith('libcudnn'))).toHaveLength(1);
});

test('there is one place, on Linux x64 only', () => {
  expect(locateCuda(linux)!.folder).toBe(
    '/home/somebody/.cache/cleanclip-workbench/tensorflow-cuda-2.21.0-linux-x64',
  );
  expect(locateCuda({ ...linux, arch: 'arm64' })).toBeNull();
  expect(locateCuda({ ...linux, platform: 'win32' })).toBeNull();
});
