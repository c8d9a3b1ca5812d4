import { WorkbenchError } from '#contract/errors.ts';
import { decays, referenceBetas } from '../../training/optimisers/adamw.ts';
import type { Moments } from '../moments-file.ts';
import type { WritablePickle } from '../pickle/writer.ts';
import { ownNotesName } from '../recognise/model-config.ts';
import type { SourceTensor } from '../tensor-source.ts';
import { type WritableStorage, writeTorch } from '../torch/write-torch.ts';
import { counterBeside } from './batch-counters.ts';
import type { ExportedModel } from './exported-model.ts';
import { inPytorchOrder } from './pytorch-order.ts';

/** A state dict that open_clip loads strictly: batch norms with their counters, nothing else beside the weights. */
export function writeStateDict(model: ExportedModel): string[] {
  refuseOwnShapes(model, 'open_clip');
  const { state, storages } = storeState(model.tensors, '');
  writeTorch(model.out, state, storages);
  return [model.out];
}

/**
 * The reference's epoch_N.pt (src/main.py): epoch, name, weights under module., and the optimiser, with its moments
 * where the model has them.
 */
export function writeTrainingCheckpoint(model: ExportedModel): string[] {
  refuseOwnShapes(model, 'the reference implementation');
  const { state, storages } = storeState(model.tensors, 'module.');
  const value: WritablePickle = {
    dict: [
      ['epoch', 0],
      ['name', model.name],
      ['state_dict', state],
      ['optimizer', storeOptimiser(model, storages)],
      [ownNotesName, JSON.stringify(model.spec)],
    ],
  };
  writeTorch(model.out, value, storages);
  return [model.out];
}

/** The demo's tower, learned tokens and a linear head are this workbench's own. */
function refuseOwnShapes({ spec }: ExportedModel, program: string): void {
  const { image } = spec.clip;
  const own =
    image.kind === 'modified-resnet' && (image.stem !== 'clip' || image.pooling.kind !== 'attention');
  const prompted = image.kind === 'vit' && image.prompts !== undefined;
  if (!own && !prompted && spec.headClasses === null) return;
  const what = own
    ? 'The demo’s small image tower'
    : prompted
      ? 'A ViT with learned tokens'
      : 'A model with a linear head';
  throw new WorkbenchError(
    'bad-input',
    `${what} is not known to ${program}: export it in the format safetensors, which this workbench reads again.`,
    { format: program },
  );
}

type Storages = Map<string, WritableStorage>;

function storeState(
  tensors: ReadonlyMap<string, SourceTensor>,
  prefix: string,
): { state: WritablePickle; storages: Storages } {
  const storages: Storages = new Map();
  const entries = inPytorchOrder(tensors.keys()).flatMap((name): [string, WritablePickle][] => {
    const counter = counterBeside(name);
    const stored: [string, WritablePickle] = [`${prefix}${name}`, store(storages, tensors.get(name)!)];
    if (counter === null) return [stored];
    const count = storeBytes(storages, 'LongStorage', [], () => new Uint8Array(8));
    return [stored, [`${prefix}${counter}`, count]];
  });
  return { state: { dict: entries }, storages };
}

function store(storages: Storages, { shape, read }: Pick<SourceTensor, 'shape' | 'read'>): WritablePickle {
  return storeBytes(storages, 'FloatStorage', shape, () => {
    const values = read();
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
}

function storeBytes(
  storages: Storages,
  storage: string,
  shape: readonly number[],
  read: WritableStorage,
): WritablePickle {
  const key = String(storages.size);
  storages.set(key, read);
  return { tensor: { key, storage, shape } };
}

/** AdamW in the reference's two groups, without decay first; before its first step where there are no moments. */
function storeOptimiser({ tensors, moments }: ExportedModel, storages: Storages): WritablePickle {
  const parameters = inPytorchOrder(tensors.keys()).filter((name) => !/\.running_(mean|var)$/.test(name));
  const withoutDecay = parameters.filter((name) => !decays(name));
  const decaying = parameters.filter(decays);
  const group = (weightDecay: number, from: number, length: number): WritablePickle => ({
    dict: [
      ['weight_decay', { float: weightDecay }],
      ['lr', { float: 5e-4 }],
      ['betas', { tuple: [referenceBetas.meanDecay, referenceBetas.varianceDecay] }],
      ['eps', referenceBetas.epsilon],
      ['amsgrad', false],
      ['maximize', false],
      ['foreach', null],
      ['capturable', false],
      ['differentiable', false],
      ['fused', null],
      ['decoupled_weight_decay', true],
      ['params', { list: Array.from({ length }, (_, at) => from + at) }],
    ],
  });
  const entries = (names: readonly string[], { steps, first, second }: Moments) =>
    names.map((name, number): [number, WritablePickle] => [
      number,
      {
        dict: [
          ['step', store(storages, { shape: [], read: () => Float32Array.of(steps) })],
          ['exp_avg', store(storages, first.get(name)!)],
          ['exp_avg_sq', store(storages, second.get(name)!)],
        ],
      },
    ]);
  return {
    dict: [
      ['state', { dict: moments === null ? [] : entries([...withoutDecay, ...decaying], moments) }],
      [
        'param_groups',
        { list: [group(0, 0, withoutDecay.length), group(0.1, withoutDecay.length, decaying.length)] },
      ],
    ],
  };
}
