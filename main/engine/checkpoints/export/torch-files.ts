import { WorkbenchError } from '#contract/errors.ts';
import type { WritablePickle } from '../pickle/writer.ts';
import { ownNotesName } from '../recognise/model-config.ts';
import type { SourceTensor } from '../tensor-source.ts';
import { type WritableStorage, writeTorch } from '../torch/write-torch.ts';
import type { ExportedModel } from './exported-model.ts';

/** A state dict that open_clip loads strictly: batch norms with their counters, nothing else beside the weights. */
export function writeStateDict(model: ExportedModel): string[] {
  refuseOwnShapes(model, 'open_clip');
  const { state, storages } = storeState(model.tensors, '');
  writeTorch(model.out, state, storages);
  return [model.out];
}

/** The reference's epoch_N.pt (src/main.py): epoch, name, weights under module., the optimiser, which begins anew. */
export function writeTrainingCheckpoint(model: ExportedModel): string[] {
  refuseOwnShapes(model, 'the reference implementation');
  const { state, storages } = storeState(model.tensors, 'module.');
  const value: WritablePickle = {
    dict: [
      ['epoch', 0],
      ['name', model.name],
      ['state_dict', state],
      ['optimizer', freshOptimiser([...model.tensors.keys()])],
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
    `${what} is not known to ${program}: export it with --format safetensors, which this workbench reads again.`,
    { format: program },
  );
}

function storeState(
  tensors: ReadonlyMap<string, SourceTensor>,
  prefix: string,
): { state: WritablePickle; storages: Map<string, WritableStorage> } {
  const entries: [string, WritablePickle][] = [];
  const storages = new Map<string, WritableStorage>();
  const add = (name: string, storage: string, shape: readonly number[], read: WritableStorage) => {
    const key = String(storages.size);
    storages.set(key, read);
    entries.push([`${prefix}${name}`, { tensor: { key, storage, shape } }]);
  };
  for (const [name, { shape, read }] of tensors) {
    add(name, 'FloatStorage', shape, () => {
      const values = read();
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    });
    // PyTorch counts the batches of each batch norm; a strict reader wants the count.
    if (name.endsWith('.running_var')) {
      add(name.replace(/running_var$/, 'num_batches_tracked'), 'LongStorage', [], () => new Uint8Array(8));
    }
  }
  return { state: { dict: entries }, storages };
}

/** By name, as the reference sorts its parameters. */
const spared = /bn|ln|bias|logit_scale/;

/** AdamW before its first step, in the reference's two groups: without decay first. */
function freshOptimiser(names: readonly string[]): WritablePickle {
  const parameters = names.filter((name) => !/\.running_(mean|var)$/.test(name));
  const withoutDecay = parameters.filter((name) => spared.test(name)).length;
  const group = (weightDecay: number, from: number, to: number): WritablePickle => ({
    dict: [
      ['weight_decay', { float: weightDecay }],
      ['lr', { float: 5e-4 }],
      ['betas', { tuple: [0.9, 0.999] }],
      ['eps', 1e-8],
      ['amsgrad', false],
      ['maximize', false],
      ['foreach', null],
      ['capturable', false],
      ['differentiable', false],
      ['fused', null],
      ['params', { list: Array.from({ length: to - from }, (_, at) => from + at) }],
    ],
  });
  return {
    dict: [
      ['state', { dict: [] }],
      ['param_groups', { list: [group(0, 0, withoutDecay), group(0.1, withoutDecay, parameters.length)] }],
    ],
  };
}
