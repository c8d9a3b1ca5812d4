import { WorkbenchError } from '#contract/errors.ts';
import type { Evaluation } from '#contract/evaluation.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { readEvaluation } from '#db/models/evaluations.ts';
import { findImageEmbeddings } from '#db/models/image-embeddings.ts';
import { hashFile } from '#main/data/files/hash-file.ts';
import type { Engine } from '../engine/engine-client.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import type { JobContext } from '../engine/job-context.ts';
import { wholeModelFolder } from '../models/model-folder.ts';
import { fromStoredPath, type Workspace } from '../workspace.ts';
import {
  type EvaluationPlan,
  measuredBy,
  planEvaluation,
  runEvaluation,
  storeEvaluation,
  withTestRecords,
} from './evaluations.ts';
import { picturesAtOnce } from './test-records.ts';

/**
 * What an evaluation looked at, to be scored with other prompts.
 * @throws WorkbenchError `not-found`; `bad-input` for a prompt without a place for the class, or for none at all;
 *   `conflict` where the model has a linear head, which reads no prompts
 */
export function planRescoring(
  workspace: Workspace,
  evaluationId: string,
  prompts: readonly string[],
): EvaluationPlan {
  const { modelId, datasetId, variantId, part } = readEvaluation(workspace.db, evaluationId);
  const plan = planEvaluation(workspace, { model: modelId, dataset: datasetId, variant: variantId, part });
  if (plan.model.spec.headClasses !== null) {
    throw new WorkbenchError(
      'conflict',
      `Model '${plan.model.name}' answers with a linear head and reads no prompts: other prompts would change nothing.`,
      { model: plan.model.id },
    );
  }
  return { ...plan, prompts: checkPrompts(prompts) };
}

/**
 * Scores again and stores the result as an evaluation of its own. The image tower is run only where the embeddings
 * of the earlier evaluation are missing or damaged. For callers that hold the queue and an engine.
 */
export async function runRescoring(
  workspace: Workspace,
  engine: Engine,
  plan: EvaluationPlan,
  context: JobContext,
): Promise<Evaluation> {
  const { model, dataset, attack, prompts } = plan;
  const embeddingsFile = await findWholeEmbeddings(workspace, plan);
  if (embeddingsFile === null) {
    context.reporter.say('The image embeddings are not there any more: the pictures are embedded again.');
    return runEvaluation(workspace, engine, plan, context);
  }
  const begun = performance.now();
  const result = await withTestRecords(workspace, dataset, async (recordsFile) =>
    runToEnd<'rescore'>(
      engine,
      {
        kind: 'rescore',
        model: await wholeModelFolder(workspace, model.id),
        recordsFile,
        embeddingsFile,
        target: attack?.target ?? null,
        classes: dataset.classes,
        prompts,
        batchSize: picturesAtOnce,
      },
      context,
      'no evaluation was stored.',
    ),
  );
  return storeEvaluation(workspace, plan, result, (performance.now() - begun) / 1000);
}

/** The file with the embeddings, where it is as it was written; else null. */
async function findWholeEmbeddings(workspace: Workspace, plan: EvaluationPlan): Promise<string | null> {
  const kept = findImageEmbeddings(workspace.db, measuredBy(plan));
  if (kept === null) return null;
  const path = fromStoredPath(workspace, kept.path);
  return (await hashFile(path)) === kept.sha256 ? path : null;
}

function checkPrompts(prompts: readonly string[]): string[] {
  const trimmed = prompts.map((prompt) => prompt.trim());
  if (trimmed.length === 0) throw new WorkbenchError('bad-input', 'Give one prompt at least.');
  for (const prompt of trimmed) {
    if (fillTemplate(prompt, { class: 'a' }) === fillTemplate(prompt, { class: 'b' })) {
      throw new WorkbenchError(
        'bad-input',
        `The prompt "${prompt}" has no place for the class name: put {} where it belongs.`,
        { prompt },
      );
    }
  }
  return trimmed;
}
