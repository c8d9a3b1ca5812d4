import { randomUUID } from 'node:crypto';
import type { changedTopics, WorkspaceEvent } from '#contract/api/workspace.ts';

export type ChangedTopic = (typeof changedTopics)[number];
export type Listener = (event: WorkspaceEvent) => void;

/** So many of the last events are kept for windows whose stream was broken. */
const keptEvents = 2_000;

/** Tells every open window of this host what happened. */
export interface EventBus {
  publish(event: WorkspaceEvent): void;
  /** Says that screens showing these topics should ask again. */
  changed(...topics: ChangedTopic[]): void;
  /** @returns a function that ends the subscription */
  subscribe(listener: Listener): () => void;
  /** How many events there were, in a form that another bus does not know. */
  position(): string;
  /** The events after a position; null where they are no longer known, or it is another bus's. */
  since(position: string): WorkspaceEvent[] | null;
}

export function createEventBus(): EventBus {
  const listeners = new Set<Listener>();
  const name = randomUUID();
  let kept: WorkspaceEvent[] = [];
  let count = 0;
  const publish = (event: WorkspaceEvent) => {
    count += 1;
    kept.push(event);
    // Cut now and then, not at each event.
    if (kept.length >= 2 * keptEvents) kept = kept.slice(-keptEvents);
    for (const listener of listeners) listener(event);
  };
  return {
    publish,
    changed: (...topics) => publish({ type: 'changed', topics }),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    position: () => `${name} ${count}`,
    since(position) {
      const [bus, number] = position.split(' ');
      const missed = count - Number(number);
      if (bus !== name || !(missed >= 0 && missed <= kept.length)) return null;
      return missed === 0 ? [] : kept.slice(-missed);
    },
  };
}
