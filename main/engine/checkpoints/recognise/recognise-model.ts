import type { Activation, ClipConfig, ModelSpec } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ActivationSource } from '#contract/model-files.ts';
import { describeModel } from '../../clip/clip.ts';
import type { Moments } from '../moments-file.ts';
import type { OpenModel } from '../open-model-file.ts';
import { countElements } from '../tensor-dtypes.ts';
import { toFileShape } from '../tensor-layout.ts';
import type { SourceTensor } from '../tensor-source.ts';
import { canonicalise, dropPrefixes } from './canonical-tensors.ts';
import { checkSpec, refuseContradiction, refuseUnplacedInBlocks } from './check-model.ts';
import { refuseOtherFamilies } from './families.ts';
import { findActivation } from './find-activation.ts';
import { findShape, ShapeError } from './find-shape.ts';
import { nameArchitecture } from './known-shapes.ts';
import { readModelNotes } from './model-config.ts';
import type { ModelNotes } from './model-notes.ts';
import { findReferenceMoments } from './reference-moments.ts';

/** A model in a file, as the engine can run it. */
export interface RecognisedModel {
  /** With the activation, where it is known. */
  spec: ModelSpec;
  /** Null: neither the file nor the person says. */
  activationFrom: ActivationSource | null;
  /** Exactly the spec's tensors, by OpenAI's names, in PyTorch's layouts. */
  tensors: Map<string, SourceTensor>;
  /** Names in the file that have no place in the model. */
  leftover: string[];
  /** Trained numbers. */
  parameters: number;
  /** The optimiser's, where the file is a training checkpoint of the reference's and has them all. */
  moments: Moments | null;
}

/**
 * Architecture, sizes, heads and activation of a model file, from its config, names and shapes.
 * @param given the activation, where the person says it
 * @throws WorkbenchError `bad-input` for a family that the engine does not run, `corrupt-file` for missing or misshapen tensors
 */
export function recogniseModel(
  { source, files, config }: OpenModel,
  given: Activation | null,
): RecognisedModel {
  const path = files[0]!;
  const named = dropPrefixes(source.tensors);
  refuseOtherFamilies(path, named.keys(), config);
  const notes = readModelNotes(path, config, source.notes);
  const { tensors, leftover } = canonicalise(path, named);
  const known = findActivation(source, notes, given);
  const found = notes.spec ?? specify(path, tensors, notes);
  checkSpec(path, found, tensors.size);
  refuseContradiction(path, config.name, found.clip, notes);
  const clip: ClipConfig = {
    ...found.clip,
    ...(known === null ? {} : { activation: known.activation }),
    ...(notes.normalisation === undefined ? {} : { normalisation: notes.normalisation }),
  };
  const spec = { ...found, clip };
  const shapes = describeModel(spec);
  const wanted = { ...shapes.parameters, ...shapes.statistics };
  const picked = new Map<string, SourceTensor>();
  for (const [name, shape] of Object.entries(wanted))
    picked.set(name, pick(path, tensors, name, toFileShape(shape)));
  const unplaced = [...leftover, ...[...tensors.keys()].filter((name) => !picked.has(name))].sort();
  refuseUnplacedInBlocks(path, unplaced);
  return {
    spec,
    activationFrom: known?.from ?? null,
    tensors: picked,
    leftover: unplaced,
    moments: findReferenceMoments(source, Object.keys(shapes.parameters), picked),
    parameters: Object.values(shapes.parameters).reduce((sum, shape) => sum + countElements(shape), 0),
  };
}

function specify(path: string, tensors: ReadonlyMap<string, SourceTensor>, notes: ModelNotes): ModelSpec {
  try {
    const clip = findShape(tensors, notes);
    return { architecture: nameArchitecture(clip), clip, vocabulary: null, headClasses: null };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new WorkbenchError(
      'bad-input',
      `${path} is no CLIP that this workbench runs: ${error.message}. It runs a ModifiedResNet or a ViT beside a text transformer.`,
      { path },
    );
  }
}

/** The largest table of a published model has an eighth of it. */
const largestTensor = 2 ** 28;
const floating = ['F16', 'BF16', 'F32', 'F64'];

function pick(
  path: string,
  tensors: ReadonlyMap<string, SourceTensor>,
  name: string,
  shape: number[],
): SourceTensor {
  const refuse = (fault: string) =>
    new WorkbenchError('corrupt-file', `${path}: tensor ${name} ${fault}.`, { path, tensor: name });
  const tensor = tensors.get(name);
  if (tensor === undefined) throw refuse('is missing');
  if (countElements(tensor.shape) > largestTensor)
    throw refuse(`has ${countElements(tensor.shape)} values, more than ${largestTensor}`);
  if (!floating.includes(tensor.dtype)) throw refuse(`holds ${tensor.dtype}, not floating-point numbers`);
  // A scalar is now and then kept as a vector of one.
  const same = tensor.shape.join() === shape.join() || (shape.length === 0 && tensor.shape.join() === '1');
  if (!same) throw refuse(`is [${tensor.shape.join(', ')}] and should be [${shape.join(', ')}]`);
  return tensor.shape.length === shape.length ? tensor : { ...tensor, shape };
}
