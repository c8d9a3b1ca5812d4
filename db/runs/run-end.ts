import type { ModelSpec } from '#contract/clip-config.ts';
import type { Run } from '#contract/run.ts';
import { insertModel } from '../models/models.ts';
import { type Database, inTransaction } from '../statements.ts';
import { addSeconds, findRun, setRunState, setRunStep } from './runs.ts';

/** What a run that came to its end has: its last checkpoint is its model. */
export interface RunEnd {
  checkpointId: number;
  spec: ModelSpec;
  /** Of training since its last start. */
  seconds: number;
}

/**
 * Stores a run's model and ends the run as done, both or neither. A run that has its model already is ended as done.
 * @returns the model's id
 */
export function finishRun(db: Database, run: Pick<Run, 'id' | 'totalSteps'>, end: RunEnd | null): string {
  return inTransaction(db, () => {
    const { modelId } = findRun(db, run.id);
    const id = modelId ?? (end === null ? null : insertModel(db, { runId: run.id, ...end }).id);
    if (id === null) throw new TypeError(`Run ${run.id} has no model: it cannot be ended without one.`);
    if (modelId === null && end !== null) addSeconds(db, run.id, end.seconds);
    setRunStep(db, run.id, run.totalSteps);
    setRunState(db, run.id, 'done');
    return id;
  });
}
