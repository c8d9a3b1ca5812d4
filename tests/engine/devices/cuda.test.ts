import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCuda, openNvidiaLibraries } from '#main/engine/devices/cuda.ts';
import { openLibrary } from '#main/engine/tensorflow/open-library.ts';
import { cudaIsThere, locateCuda } from '#scripts/setup/cuda/cuda-release.mjs';
import { tensorflowIsThere } from '#scripts/setup/tensorflow-location.mjs';
import { runDemoSteps } from './run-demo-steps.ts';

const place = locateCuda();
const hasDriver = openLibrary('libcuda.so.1') === null;

test('a library that does not open is named, with what to do', () => {
  expect(() => openNvidiaLibraries(['/nowhere/libcudart.so.12'], '/nowhere')).toThrow(
    /\/nowhere\/libcudart\.so\.12 does not open: .*No such file.*npm run setup -- --device cuda/s,
  );
});

test.skipIf(place === null || hasDriver)('without an NVIDIA driver, that is what is said first', async () => {
  await expect(loadCuda()).rejects.toMatchObject({
    kind: 'unavailable',
    details: { problem: 'no NVIDIA driver: libcuda.so.1 not found.' },
  });
});

// npm run setup -- --device cuda fetches these 3.3 GB; no test does.
describe.skipIf(!cudaIsThere())(
  'the CUDA build, where `npm run setup -- --device cuda` has fetched it',
  () => {
    test.skipIf(hasDriver)(
      'opens without a GPU; opened by path, the libraries are then found by name',
      () => {
        openNvidiaLibraries(place!.nvidia, place!.folder);
        for (const file of place!.nvidia) expect(openLibrary(basename(file))).toBeNull();
      },
    );

    test.skipIf(hasDriver || !tensorflowIsThere())(
      "trains on the processor as the processor's own build does",
      () => {
        const [found, expected] = [runDemoSteps('cuda-build', 3), runDemoSteps('cpu', 3)];
        expect(expected.losses).toHaveLength(3);
        for (const [at, loss] of expected.losses.entries())
          expect(Math.abs(found.losses[at]! - loss)).toBeLessThan(1e-3);
      },
    );
  },
);
