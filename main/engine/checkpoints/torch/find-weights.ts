import { PickleError } from '../pickle/pickle-error.ts';
import {
  PickleDict,
  PickleList,
  PickleModule,
  PickleTensor,
  PickleTuple,
  type PickleValue,
} from '../pickle/values.ts';

/** What a PyTorch file holds, by what it is for. */
export interface FoundWeights {
  tensors: Map<string, PickleTensor>;
  /** Plain values beside the weights: epoch, name. */
  notes: Record<string, string>;
  optimiserGroups: number[] | null;
  /** AdamW's state by the number of the parameter; empty where there is none. */
  optimiserState: Map<number, FoundMoments>;
  moduleNames: string[];
}

/** What AdamW keeps of one parameter. */
export interface FoundMoments {
  /** Steps that were taken: a number, or a tensor with one. */
  step: number | PickleTensor;
  first: PickleTensor;
  second: PickleTensor;
}

/** Where training programs put the weights in a checkpoint. */
const weightKeys = ['state_dict', 'model_state_dict', 'model'];
const largestDepth = 32;
const largestNodes = 500_000;
const longestName = 500;

/**
 * The weights in a pickle: a dictionary of tensors, one inside a training checkpoint, or a TorchScript module, whose
 * attributes' names are joined by dots.
 * @throws PickleError where there are none, or containers hold one another in a circle
 */
export function findWeights(root: PickleValue): FoundWeights {
  const holder = root instanceof PickleDict ? root : new PickleDict();
  const inner = weightKeys.map((key) => holder.get(key)).find((value) => value instanceof PickleDict);
  const walk: Walk = { tensors: new Map(), moduleNames: new Set(), path: new Set(), nodes: 0 };
  collect(walk, '', inner ?? root, 0);
  if (walk.tensors.size === 0) throw new PickleError('it holds no tensors');
  return {
    tensors: walk.tensors,
    notes: Object.fromEntries(
      [...holder.entries].flatMap(([key, value]) =>
        typeof value === 'string' || typeof value === 'number' ? [[String(key), String(value)]] : [],
      ),
    ),
    optimiserGroups: sizeGroups(holder.get('optimizer')),
    optimiserState: listMoments(holder.get('optimizer')),
    moduleNames: [...walk.moduleNames],
  };
}

interface Walk {
  tensors: Map<string, PickleTensor>;
  moduleNames: Set<string>;
  /** Containers from the root to here. */
  path: Set<PickleValue>;
  nodes: number;
}

function collect(walk: Walk, name: string, value: PickleValue, depth: number): void {
  walk.nodes += 1;
  if (walk.nodes > largestNodes) throw new PickleError(`it holds more than ${largestNodes} values`);
  if (name.length > longestName)
    throw new PickleError(`a name in it has more than ${longestName} characters`);
  if (value instanceof PickleTensor) {
    if (walk.tensors.has(name)) throw new PickleError(`the name ${JSON.stringify(name)} stands in it twice`);
    walk.tensors.set(name, value);
    return;
  }
  const children = listChildren(value);
  if (children === null) return;
  if (walk.path.has(value)) throw new PickleError('a container in it holds itself');
  if (depth > largestDepth) throw new PickleError(`it is nested more than ${largestDepth} deep`);
  if (value instanceof PickleModule) walk.moduleNames.add(value.className);
  walk.path.add(value);
  for (const [key, child] of children) collect(walk, name === '' ? key : `${name}.${key}`, child, depth + 1);
  walk.path.delete(value);
}

function listChildren(value: PickleValue): Iterable<[string, PickleValue]> | null {
  if (value instanceof PickleModule) return value.attributes;
  if (value instanceof PickleDict) return [...value.entries].map(([key, child]) => [String(key), child]);
  // Lists of TorchScript modules are modules; plain lists and tuples hold settings, which may hold tensors as well.
  if (value instanceof PickleList || value instanceof PickleTuple) {
    return value.items.map((child, at): [string, PickleValue] => [String(at), child]);
  }
  return null;
}

function sizeGroups(optimiser: PickleValue | undefined): number[] | null {
  const groups = optimiser instanceof PickleDict ? optimiser.get('param_groups') : null;
  if (!(groups instanceof PickleList)) return null;
  return groups.items.map((group) => {
    const members = group instanceof PickleDict ? group.get('params') : null;
    return members instanceof PickleList ? members.items.length : 0;
  });
}

/** Entries that hold anything but AdamW's three values are left out. */
function listMoments(optimiser: PickleValue | undefined): Map<number, FoundMoments> {
  const found = new Map<number, FoundMoments>();
  const state = optimiser instanceof PickleDict ? optimiser.get('state') : null;
  if (!(state instanceof PickleDict)) return found;
  for (const [key, entry] of state.entries) {
    if (typeof key !== 'number' || !(entry instanceof PickleDict)) continue;
    const [step, first, second] = ['step', 'exp_avg', 'exp_avg_sq'].map((name) => entry.get(name));
    const counted = typeof step === 'number' || step instanceof PickleTensor;
    if (counted && first instanceof PickleTensor && second instanceof PickleTensor)
      found.set(key, { step, first, second });
  }
  return found;
}
