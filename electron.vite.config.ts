import { defineConfig } from 'electron-vite';
import renderer from './renderer/vite.config.ts';

/**
 * Main, preload and renderer for Electron. Bundles of main lie two folders deep, as the sources do, so that what they
 * read from the checkout (package.json, core/tokenizer, scripts/setup) is found by the same relative paths; packages
 * stay outside.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: true,
      rollupOptions: {
        input: {
          electron: 'main/hosts/electron.ts',
          engine: 'main/engine/process.ts',
          'decode-process': 'main/data/decoding/decode-process.ts',
          'parent-watch': 'main/engine/parent-watch.ts',
          'picture-worker': 'main/data/feeding/picture-worker.ts',
          'batch-worker': 'main/engine/training/feeding/batch-worker.ts',
          'look-worker': 'main/data/importing/look-worker.ts',
          'caption-worker': 'main/workbench/datasets/captions/caption-worker.ts',
          'unchecked-worker': 'main/workbench/datasets/importing/unchecked-worker.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload is one file of CommonJS.
      rollupOptions: {
        input: { preload: 'preload/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    ...renderer,
    build: { ...renderer.build, target: 'chrome140', rollupOptions: { input: 'renderer/index.html' } },
  },
});
