import { defineConfig } from 'vitest/config';

/**
 * Folders of code that is pure, or keeps all that it knows in what it is given: their files share a process, which halves
 * the time, since reading their modules anew takes as long as their tests. A test of arithmetic names its backend.
 */
const light = [
  ...['contract', 'core', 'db', 'renderer'],
  ...['files', 'importing', 'pictures', 'readers', 'sources', 'tables', 'words'].map(
    (room) => `data/${room}`,
  ),
  ...['checkpoints', 'clip', 'detectors', 'losses'].map((room) => `engine/${room}`),
].map((folder) => `tests/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    pool: 'forks',
    setupFiles: ['tests/set-random-inputs.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: { name: 'light', include: light, isolate: false, maxWorkers: 2, sequence: { groupOrder: 0 } },
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
