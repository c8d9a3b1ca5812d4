import type { Activation } from '#contract/clip-config.ts';
import type { ActivationSource } from '#contract/model-files.ts';
import { decays } from '../../training/optimisers/adamw.ts';
import type { TensorSource } from '../tensor-source.ts';
import type { ModelNotes } from './model-notes.ts';

/**
 * QuickGELU or GELU: as given, as a config says, or as the file's origin says: TorchScript is how OpenAI ships its
 * models, and the reference's training checkpoints are known by their optimiser's groups. Else null: no shape shows it.
 */
export function findActivation(
  source: TensorSource,
  notes: ModelNotes,
  given: Activation | null,
): { activation: Activation; from: ActivationSource } | null {
  if (given !== null) return { activation: given, from: 'given' };
  if (notes.activation !== undefined) return { activation: notes.activation, from: 'config' };
  if (isReferenceCheckpoint(source) || source.format === 'torchscript')
    return { activation: 'quick_gelu', from: 'origin' };
  return null;
}

/**
 * Whether the optimiser's groups are as the reference makes them: names without decay first, then the others, by name
 * alone (src/main.py); open_clip leaves all vectors out of the decay as well.
 */
export function isReferenceCheckpoint({ tensors, optimiserGroups }: TensorSource): boolean {
  if (optimiserGroups?.length !== 2) return false;
  const parameters = [...tensors].filter(
    ([name]) => !/\.(running_mean|running_var|num_batches_tracked)$/.test(name),
  );
  const withoutDecay = parameters.filter(([name]) => !decays(name)).length;
  const vectors = parameters.filter(([name, { shape }]) => !decays(name) || shape.length < 2).length;
  const [first, second] = optimiserGroups;
  return withoutDecay !== vectors && first === withoutDecay && second === parameters.length - withoutDecay;
}
