import type { NameKind } from '#contract/api/workspace.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { refuseTakenName } from '#db/names.ts';
import type { Workspace } from './workspace.ts';

const tables = {
  dataset: 'datasets',
  variant: 'variants',
  run: 'runs',
  model: 'models',
} as const satisfies Record<NameKind, string>;

/** Why something new cannot have a name, in words for the person; null where it can. */
export function nameProblem(workspace: Workspace, kind: NameKind, name: string): string | null {
  try {
    refuseName(workspace, kind, name);
    return null;
  } catch (error) {
    if (error instanceof WorkbenchError && ['bad-input', 'conflict'].includes(error.kind))
      return error.message;
    throw error;
  }
}

/** @throws WorkbenchError `conflict` where the name is taken, `bad-input` where it can be none */
export function refuseName({ db }: Workspace, kind: NameKind, name: string): void {
  refuseTakenName(db, tables[kind], name);
}

/** `wanted` where it is free, else the first of `wanted-2`, `wanted-3`... that is. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`;
  return name;
}
