import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

/** Host to pass calls and pictures on to while developing: `CCW_HOST=http://127.0.0.1:PORT vite -c renderer/vite.config.ts`. */
const host = process.env.CCW_HOST;

/** The window's build, the same for the browser host and for electron-vite. Scripts are files only: the hosts' CSP forbids inline ones. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [tailwindcss(), svelte()],
  build: {
    outDir: fileURLToPath(new URL('../dist/renderer', import.meta.url)),
    emptyOutDir: true,
    manifest: true,
    // A data: address would need a looser CSP; what the window fetches is on the same machine anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome124', 'firefox125', 'safari17.5'],
    chunkSizeWarningLimit: 1500,
  },
  server: host
    ? { host: '127.0.0.1', proxy: { '/rpc': { target: host, changeOrigin: true }, '/media': host } }
    : { host: '127.0.0.1' },
});
