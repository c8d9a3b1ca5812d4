import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Writes a page that leads to the link, in a file that only its owner may read: a browser's arguments can be read by
 * every user of the machine, and the link holds the key.
 * @returns the page's address, for a browser's arguments
 */
export function writeEntryPage(folder: string, url: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'enter.html');
  rmSync(file, { force: true });
  const page = `<!doctype html><meta charset="utf-8"><title>CleanCLIP Workbench</title>
<meta http-equiv="refresh" content="0; url=${url}"><a href="${url}">Open the workbench</a>
`;
  writeFileSync(file, page, { mode: 0o600, flag: 'wx' });
  return pathToFileURL(file).href;
}
