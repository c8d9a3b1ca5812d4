import { changedTopics } from '#contract/api/workspace.ts';
import { inBackground } from '#main/workbench/background.ts';
import { countChanges, type Workspace } from '#main/workbench/workspace.ts';
import type { EventBus } from './event-bus.ts';

const lookMs = 1_000;

/**
 * Announces changes that other programs (the CLI, another host) made to the database; SQLite counts them.
 * @returns a function that ends the watch
 */
export function watchOtherPrograms(
  workspace: Workspace,
  events: EventBus,
  problem: (message: string) => void,
): () => void {
  let seen = countChanges(workspace);
  const look = () => {
    const version = countChanges(workspace);
    if (version === seen) return;
    seen = version;
    events.changed(...changedTopics);
  };
  const timer = setInterval(() => inBackground('Looking for changes', look, problem), lookMs);
  timer.unref();
  return () => clearInterval(timer);
}
