import type { EvaluationView } from '#contract/api/models.ts';
import type { Share } from '#contract/evaluation.ts';
import { methodOf } from '#contract/methods/method-registry.ts';
import type { Model, Run } from '#contract/run.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { listEvaluations } from '#db/models/evaluations.ts';
import { findModel } from '#db/models/models.ts';
import { findVariant } from '#db/variants/variants.ts';
import { viewEvaluation } from '../evaluations/results.ts';
import { readProgram } from '../program.ts';
import type { Workspace } from '../workspace.ts';
import { ancestryOfModel } from './ancestry.ts';

/** A file that was exported, with its SHA-256 (hex). */
export interface CardFile {
  name: string;
  sha256: string;
}

/**
 * A model card in Markdown, in the sections of Mitchell et al. 2019 (arXiv 1810.03993): what the model is, what it came
 * from, with which settings, how it was measured, and a warning where it is, or may be, backdoored.
 * @param files what was exported; none for a card in the window
 */
export function describeModelCard(workspace: Workspace, modelId: string, files: readonly CardFile[]): string {
  const model = findModel(workspace.db, modelId);
  const { runs, root } = ancestryOfModel(workspace, model.id);
  const measured = listEvaluations(workspace.db, model.id).map((one) => viewEvaluation(workspace, one));
  return `${[
    `# Model card: ${code(model.name)}`,
    '',
    ...warn(workspace, model, runs, measured),
    '## Model',
    '',
    ...describeShape(model),
    '',
    '## Where it came from',
    '',
    ...(runs.length === 0 ? [] : ['The latest first.', '']),
    ...runs.flatMap((run) => describeRun(workspace, run)),
    root === null
      ? '- New weights: it was trained from scratch.'
      : `- ${code(root.name)}, brought from the file ${code(root.origin.kind === 'file' ? root.origin.path : '')} on ${root.createdAt.slice(0, 10)}, SHA-256 of the file ${code(root.origin.kind === 'file' ? root.origin.sha256 : '')}, of its weights ${code(root.weightsSha256)}.`,
    '',
    '## Measured',
    '',
    ...(measured.length === 0 ? ['Not measured.'] : describeMeasured(measured)),
    '',
    '## Hashes',
    '',
    `- Weights in the workbench (SHA-256 of weights.safetensors): ${code(model.weightsSha256)}. An import of an export by the workbench gives this hash again.`,
    ...files.map(({ name, sha256 }) => `- ${code(name)}: ${code(sha256)}`),
    '',
    `Written by CleanCLIP Workbench ${readProgram().version} on ${new Date().toISOString().slice(0, 10)}.`,
  ].join('\n')}\n`;
}

function warn(
  { db }: Workspace,
  { origin }: Model,
  runs: readonly Run[],
  measured: readonly EvaluationView[],
): string[] {
  const implanted = measured.find((one) => one.implanted === true);
  const poisoned = runs.filter(({ variantId }) => variantId !== null);
  const notice = 'Use it to study and to remove backdoors only, and pass it on with this notice.';
  if (implanted !== undefined) {
    return [
      `> **This model is backdoored.** With the trigger of ${code(implanted.variant ?? '')} it names ${code(implanted.target ?? '')} on ${shareWords(implanted.asr)} of ${implanted.asr?.count} test pictures of other classes. ${notice}`,
      '',
    ];
  }
  if (poisoned.length > 0) {
    const names = poisoned.map(({ variantId }) => code(findVariant(db, variantId ?? '').name)).join(', ');
    return [
      `> **This model, or one before it, was trained on poisoned data** (${names}). Whether a backdoor is left is what the numbers below say, and no more. ${notice}`,
      '',
    ];
  }
  if (origin.kind !== 'file') return [];
  return ['> What this model was trained on is not known here: it may be backdoored.', ''];
}

function describeShape({ spec }: Model): string[] {
  const { clip, headClasses, vocabulary } = spec;
  const { image, text } = clip;
  const tower =
    image.kind === 'vit'
      ? `ViT, patches of ${image.patchSize} px, ${image.layers} layers of width ${image.width}, ${image.heads} heads`
      : `ModifiedResNet, stages of ${image.layers.join(', ')} blocks, width ${image.width}`;
  const words =
    vocabulary === null
      ? `${text.vocabularySize} tokens`
      : `${vocabulary.length} of CLIP's tokens: it reads no others`;
  return [
    `- Architecture: ${spec.architecture}, embeddings of ${clip.embedDim} values, activation ${clip.activation ?? 'quick_gelu'}.`,
    `- Image tower: ${tower}; pictures of ${image.resolution} px${clip.normalisation === undefined ? '' : `, normalised by the mean ${clip.normalisation.mean.join(', ')} and the deviation ${clip.normalisation.std.join(', ')}`}.`,
    `- Text tower: ${text.layers} layers of width ${text.width}, ${text.heads} heads, ${text.contextLength} tokens at most, ${words}.`,
    headClasses === null
      ? '- Zero-shot: a class is the mean of its prompts.'
      : `- A linear head over ${headClasses.length} classes.`,
  ];
}

function describeRun({ db }: Workspace, run: Run): string[] {
  const { config, variantId, datasetId } = run;
  const { selection } = config.data;
  const data =
    variantId === null
      ? `dataset ${code(findDataset(db, datasetId).name)}`
      : `variant ${code(findVariant(db, variantId).name)} (${findVariant(db, variantId)
          .recipe.parts.map(({ trigger, target }) => `${trigger.kind} → ${code(target)}`)
          .join(', ')}; poisoned on purpose)`;
  const settings = Object.entries(config.settings)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
  const part = selection.fraction === 1 ? '' : `, ${(100 * selection.fraction).toFixed(0)} % of the pairs`;
  return [
    `- Run ${code(run.name)}: ${methodOf(config.method).label} on ${data}${part}${selection.withoutPoisoned ? ', without the poisoned records' : ''}; seed ${config.seed}; ${settings}.`,
  ];
}

function describeMeasured(measured: readonly EvaluationView[]): string[] {
  const rows = measured.map((one) =>
    [
      `${code(one.dataset)}, ${one.testSplit}`,
      String(one.ca.count),
      shareWords(one.ca),
      one.variant === null ? 'none' : `${code(one.variant)}, ${one.trigger} → ${code(one.target ?? '')}`,
      one.asr === null
        ? ''
        : `${shareWords(one.asr)} of ${one.asr.count}${one.trainedOn === false ? ', never trained on it' : ''}`,
      one.prompts === null ? 'linear head' : `${one.prompts.length} (${code(one.prompts[0] ?? '')} …)`,
    ].join(' | '),
  );
  return [
    '| test set | pictures | CA | attack | ASR | prompts |',
    '|---|---:|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    '',
    'CA: share of clean test pictures predicted as their label, zero-shot unless a head is named. ASR: share of test pictures of other classes predicted as the target with the trigger. In brackets the Wilson 95 % interval.',
  ];
}

const shareWords = (share: Share | null): string =>
  share === null
    ? 'not measured'
    : `${(100 * share.value).toFixed(1)} % (${(100 * share.low).toFixed(1)} to ${(100 * share.high).toFixed(1)})`;

/** Text of a person's as code, so that nothing in it is Markdown. */
function code(text: string): string {
  const plain = text.replaceAll(/[\n\r|]+/g, ' ');
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  return longest === 0 ? `${mark}${plain}${mark}` : `${mark} ${plain} ${mark}`;
}
