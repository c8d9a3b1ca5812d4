import { randomUUID } from 'node:crypto';
import { WorkbenchError } from '#contract/errors.ts';
import type { StoredTrigger, Trigger } from '#contract/trigger.ts';
import type { TriggerOrigin } from '#contract/trigger-origin.ts';
import { limitTrigger } from '#core/triggers/trigger-registry.ts';
import { lookUpModelByWeights } from '#db/models/models.ts';
import * as stored from '#db/variants/triggers.ts';
import { studiedIdOf } from '../models/studied-models.ts';
import { freeName } from '../names.ts';
import type { Workspace } from '../workspace.ts';

/**
 * Keeps a trigger under a name; a taken name gets its next version.
 * @param resolution pixels a side that its sizes and places count in
 * @throws WorkbenchError `bad-input` where it does not fit there
 */
export function keepTrigger(
  { db }: Workspace,
  name: string,
  trigger: Trigger,
  resolution: number,
  origin: TriggerOrigin | null = null,
): StoredTrigger {
  limitTrigger({ width: resolution, height: resolution }, { trigger, resolution, seed: 0 }, 'any');
  return stored.saveTrigger(db, name, trigger, resolution, origin);
}

export type { TriggerSummary } from '#db/variants/triggers.ts';

/** The trigger of this id, or the newest version under this name. @throws WorkbenchError `not-found` */
export const findKeptTrigger = ({ db }: Workspace, nameOrId: string): StoredTrigger =>
  stored.findTrigger(db, nameOrId);

/** Every version that is kept, without its pictures, by name. */
export const listKeptTriggers = ({ db }: Workspace): stored.TriggerSummary[] =>
  stored.listTriggerSummaries(db);

/** The versions under a name. */
export const listVersions = ({ db }: Workspace, name: string): StoredTrigger[] =>
  stored.listVersions(db, name);

/** @throws WorkbenchError `not-found`; `conflict` where the new name is taken */
export function renameTrigger({ db }: Workspace, name: string, to: string): void {
  stored.renameTrigger(db, name, to);
}

/** The model that a trigger was optimised against, where it is here; null: none. */
export function originModelOf(
  { db }: Workspace,
  { origin }: StoredTrigger,
): { name: string; id: string } | null {
  const model = origin === null ? null : lookUpModelByWeights(db, origin.weightsSha256);
  return model === null ? null : { name: model.name, id: studiedIdOf(model) };
}

/** Triggers that were removed, as long as the host lives. */
export interface TriggerRemovals {
  /** Removes a version by its id, or all under a name. @throws WorkbenchError `not-found` */
  remove(nameOrId: string): { removalId: string; name: string; versions: number };
  /**
   * Puts them back, all versions of a name under the next free name where theirs was taken.
   * @returns the name that they have now
   * @throws WorkbenchError `not-found` once it is too late
   */
  restore(removalId: string): string;
}

/** More removals than this are forgotten, the oldest first. */
const keptRemovals = 50;

export function createTriggerRemovals({ db }: Workspace): TriggerRemovals {
  const kept = new Map<string, { removed: StoredTrigger[]; whole: boolean }>();
  return {
    remove(nameOrId) {
      const removed = stored.removeTriggers(db, nameOrId);
      const name = removed[0]?.name ?? nameOrId;
      const removalId = randomUUID();
      kept.set(removalId, { removed, whole: nameOrId === name });
      const [oldest] = kept.keys();
      if (kept.size > keptRemovals && oldest !== undefined) kept.delete(oldest);
      return { removalId, name, versions: removed.length };
    },
    restore(removalId) {
      const removal = kept.get(removalId);
      const wanted = removal?.removed[0]?.name;
      if (removal === undefined || wanted === undefined) {
        throw new WorkbenchError(
          'not-found',
          'It is too late to undo this: the program may have been started anew.',
          { removalId },
        );
      }
      const taken = new Set(stored.listTriggerSummaries(db).map(({ name }) => name));
      const name = removal.whole ? freeName(wanted, taken) : wanted;
      stored.restoreTriggers(db, removal.removed, name);
      kept.delete(removalId);
      return name;
    },
  };
}
