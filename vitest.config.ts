import { defineConfig } from 'vitest/config';

/** Folders of code that is pure, or light: their files may run beside each other. */
const light = ['core', 'db', 'renderer'].map((folder) => `tests/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    pool: 'forks',
    setupFiles: ['tests/set-random-inputs.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: { name: 'light', include: light, maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'heavy',
          include: ['tests/**/*.test.ts'],
          exclude: light,
          // TensorFlow and the engine use every core, but most of these files wait for programs that start.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
