import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '#contract/run.ts';
import { findModel, insertFileModel } from '#db/models/models.ts';
import { fromStoredPath, type Workspace } from '#main/workbench/workspace.ts';

/** A model as if it was brought from a file, with the weights of another, in a folder of its own. */
export function addFileModel(workspace: Workspace, name: string, other: string): Model {
  const { folder, weightsSha256, spec } = findModel(workspace.db, other);
  const own = `models/${name}`;
  cpSync(fromStoredPath(workspace, folder), join(workspace.folder, own), { recursive: true });
  const origin = { kind: 'file', path: `/downloads/${name}.pt`, sha256: 'ab'.repeat(32) } as const;
  return insertFileModel(workspace.db, { name, origin, folder: own, weightsSha256, spec });
}
