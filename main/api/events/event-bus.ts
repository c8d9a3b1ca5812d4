import type { changedTopics, WorkspaceEvent } from '#contract/api/workspace.ts';

export type ChangedTopic = (typeof changedTopics)[number];
export type Listener = (event: WorkspaceEvent) => void;

/** Tells every open window of this host what happened. */
export interface EventBus {
  publish(event: WorkspaceEvent): void;
  /** Says that screens showing these topics should ask again. */
  changed(...topics: ChangedTopic[]): void;
  /** @returns a function that ends the subscription */
  subscribe(listener: Listener): () => void;
}

export function createEventBus(): EventBus {
  const listeners = new Set<Listener>();
  const publish = (event: WorkspaceEvent) => {
    for (const listener of listeners) listener(event);
  };
  return {
    publish,
    changed: (...topics) => publish({ type: 'changed', topics }),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
