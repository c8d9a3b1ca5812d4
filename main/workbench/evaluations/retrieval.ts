import type { Evaluation } from '#contract/evaluation.ts';
import { addMetrics, readEvaluation } from '#db/models/evaluations.ts';
import type { Engine } from '../engine/engine-client.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import type { JobContext } from '../engine/job-context.ts';
import { wholeModelFolder } from '../models/model-folder.ts';
import type { Workspace } from '../workspace.ts';
import { type EvaluationPlan, withTestRecords } from './evaluations.ts';
import { picturesAtOnce } from './test-records.ts';

/**
 * Measures retrieval on an evaluation's pictures and adds it to the evaluation; for callers that hold the queue and an
 * engine.
 * @throws WorkbenchError `bad-input` for a model with a linear head; `cancelled`, `engine-ended`
 */
export async function addRetrieval(
  workspace: Workspace,
  engine: Engine,
  { plan, evaluation }: { plan: EvaluationPlan; evaluation: Evaluation },
  context: JobContext,
): Promise<Evaluation> {
  const { model, dataset, attack } = plan;
  const { metrics } = await withTestRecords(workspace, dataset, async (recordsFile) =>
    runToEnd<'retrieval'>(
      engine,
      {
        kind: 'retrieval',
        model: await wholeModelFolder(workspace, model.id),
        recordsFile,
        attack,
        batchSize: picturesAtOnce,
      },
      context,
      'the evaluation is stored without retrieval.',
    ),
  );
  addMetrics(workspace.db, evaluation.id, metrics);
  return readEvaluation(workspace.db, evaluation.id);
}
