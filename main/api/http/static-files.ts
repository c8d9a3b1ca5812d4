import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Hono } from 'hono';
import { isWindowAddress } from '#contract/window-addresses.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

const notBuilt = `<!doctype html><meta charset="utf-8"><title>CleanCLIP Workbench</title>
<p>The window is not built yet. Start it with <code>npm start</code>, which builds it.</p>`;

const notFound = `<!doctype html><meta charset="utf-8"><title>CleanCLIP Workbench</title>
<p>There is nothing at this address. <a href="/">Go to Home</a></p>`;

/**
 * The window's built files. Only files that are there at the start are served, by their exact name, so no address can
 * reach another file; the addresses of screens give index.html, and every other 404.
 */
export function addStaticRoutes(hono: Hono, folder: string): void {
  let files: Map<string, string> | null = null;
  hono.get('*', async (context) => {
    if (files === null || !files.has('/index.html')) files = listFiles(folder);
    const path = new URL(context.req.url).pathname;
    const isScreen = isWindowAddress(path);
    const file = files.get(path) ?? (isScreen ? files.get('/index.html') : undefined);
    if (file === undefined) {
      return isScreen ? context.html(notBuilt, 503) : context.html(notFound, 404);
    }
    return new Response(await readFile(file), {
      headers: {
        'Content-Type': types[extname(file)] ?? 'application/octet-stream',
        'Cache-Control': cachingOf(path),
      },
    });
  });
}

/** Names under assets/ hold a hash of their content; Chromium asks for the icon at every change of the address. */
function cachingOf(path: string): string {
  if (path.startsWith('/assets/')) return 'private, max-age=31536000, immutable';
  return path === '/icon.svg' ? 'private, max-age=3600' : 'no-cache';
}

function listFiles(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [`/${relative(folder, file).split(sep).join('/')}`, file];
      }),
  );
}
