import { WorkbenchError } from '#contract/errors.ts';
import type { Interrupt } from './engine-client.ts';

/**
 * For work that is stopped between two items.
 * @throws WorkbenchError `cancelled` once the person asked to stop; `state` says what is left behind.
 */
export function stopIfAsked(interrupt: Interrupt, state: string): void {
  if (interrupt.gentle.aborted || interrupt.hard.aborted) {
    throw new WorkbenchError('cancelled', `Stopped as asked. ${state}`);
  }
}
