import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tensorflowIsThere } from '#scripts/setup/tensorflow-location.mjs';
import { runDemoSteps } from './run-demo-steps.ts';

/** SwiftShader, Vulkan on the processor, as Debian's Chromium brings it, with the Vulkan loader beside it. */
const chromium = '/usr/lib/chromium';
const driver = `${chromium}/vk_swiftshader_icd.json`;
const steps = 2;

describe.skipIf(!existsSync(driver) || !tensorflowIsThere())(
  `WebGPU on SwiftShader (needs ${driver} and TensorFlow)`,
  () => {
    test("CleanCLIP steps of the demo's model agree with TensorFlow's within 1e-3", {
      timeout: 600_000,
    }, () => {
      const [found, expected] = [
        runDemoSteps('webgpu', steps, { LD_LIBRARY_PATH: chromium, VK_ICD_FILENAMES: driver }),
        runDemoSteps('cpu', steps),
      ];
      expect(expected.losses).toHaveLength(steps);
      for (const [at, loss] of expected.losses.entries())
        expect(Math.abs(found.losses[at]! - loss)).toBeLessThan(1e-3);
      expect(Object.keys(found.squares)).toEqual(Object.keys(expected.squares));
      for (const [name, square] of Object.entries(expected.squares)) {
        expect(Math.abs(found.squares[name]! - square) / Math.max(1, square), name).toBeLessThan(1e-3);
      }
    });
  },
);
