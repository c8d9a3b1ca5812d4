import { randomUUID } from 'node:crypto';
import { WorkbenchError } from '#contract/errors.ts';
import type { StoredTrigger, Trigger } from '#contract/trigger.ts';
import type { TriggerOrigin } from '#contract/trigger-origin.ts';
import { limitTrigger } from '#core/triggers/trigger-registry.ts';
import { listTriggerSummaries, removeTriggers, restoreTriggers, saveTrigger } from '#db/variants/triggers.ts';
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
  return saveTrigger(db, name, trigger, resolution, origin);
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
      const removed = removeTriggers(db, nameOrId);
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
      const taken = new Set(listTriggerSummaries(db).map(({ name }) => name));
      const name = removal.whole ? freeName(wanted, taken) : wanted;
      restoreTriggers(db, removal.removed, name);
      kept.delete(removalId);
      return name;
    },
  };
}
