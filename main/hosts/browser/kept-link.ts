import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { partialPath } from '#main/data/files/left-overs.ts';
import { readRegularFileSync } from '#main/data/files/open-regular-file.ts';
import type { AccessKeys } from './access.ts';

/**
 * What makes the link to a workspace the same after a restart, so that an open window goes on by itself. Only the
 * file's owner may read it: who has the keys may use the workbench while it runs.
 */
export interface KeptLink {
  /** Where it was served last; null where that is not known. */
  port: number | null;
  keys: AccessKeys;
}

const secretSchema = z.string().regex(/^[\w-]{43}$/);
const linkSchema = z.object({
  port: z.number().int().min(1).max(65_535).nullable(),
  keys: z.object({ token: secretSchema, session: secretSchema }),
});
const maxBytes = 4_096;

/** null where there is none that can be used: a new one is made then. */
export function readLink(workspaceFolder: string): KeptLink | null {
  try {
    return linkSchema.parse(
      JSON.parse(readRegularFileSync(fileOf(workspaceFolder), maxBytes).toString('utf8')),
    );
  } catch {
    return null;
  }
}

export function writeLink(workspaceFolder: string, link: KeptLink): void {
  const file = fileOf(workspaceFolder);
  const partial = partialPath(file);
  writeFileSync(partial, `${JSON.stringify(link)}\n`, { mode: 0o600 });
  renameSync(partial, file);
}

function fileOf(workspaceFolder: string): string {
  return join(workspaceFolder, 'browser-link.json');
}
