import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './tests/long-files-first.ts';

const testsIn = (folder: string) => `tests/${folder}/**/*.test.ts`;

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
].map(testsIn);

/** Folders whose tests start programs that train: several at once, so each takes one core for an op. */
const programs = ['api', 'faults', 'hosts', 'workbench'].map(testsIn);

export default defineConfig({
  test: {
    pool: 'forks',
    setupFiles: ['tests/set-random-inputs.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongFilesFirst },
    projects: [
      {
        extends: true,
        test: { name: 'light', include: light, isolate: false, maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'programs',
          include: programs,
          maxWorkers: 2,
          env: { TF_NUM_INTRAOP_THREADS: '1' },
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'heavy',
          include: ['tests/**/*.test.ts'],
          exclude: [...light, ...programs],
          // Here TensorFlow uses every core, as it does for a person.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
