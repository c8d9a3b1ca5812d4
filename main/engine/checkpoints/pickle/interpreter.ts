import { quote } from '../quote.ts';
import { ByteReader } from './byte-reader.ts';
import { callByName, checkName, isScriptClass, setItem } from './known-names.ts';
import { PickleError } from './pickle-error.ts';
import {
  PickleDict,
  PickleList,
  PickleModule,
  PickleName,
  PickleStorage,
  PickleTuple,
  type PickleValue,
} from './values.ts';

/** A full-size training checkpoint has about 50,000: this many keep a hostile one below 300 MB and a few seconds. */
const largestInstructions = 1_000_000;

export interface PickleOptions {
  /** Where the pickle begins. */
  start?: number;
  /** Whether classes of a TorchScript archive may be made (as plain bags of attributes). */
  allowScript?: boolean;
}

/** The mark that lists, tuples and dictionaries are collected from. */
const mark = Symbol('mark');
type StackItem = PickleValue | typeof mark;

interface Machine {
  reader: ByteReader;
  stack: StackItem[];
  memo: Map<number, PickleValue>;
  storages: PickleStorage[];
  allowScript: boolean;
  /** Values that calls have gone through: a short pickle may hand the same long list to a million of them. */
  handled: number;
}

/** What a pickle holds. */
export interface ReadPickle {
  value: PickleValue;
  /** The place after the pickle. */
  end: number;
  /** Every storage it refers to, the optimiser's included. */
  storages: PickleStorage[];
}

/**
 * Reads a pickle with the few instructions that PyTorch writes (protocols 2 to 5; Python's pickletools describes
 * them), into plain values. No class is loaded and nothing is called: what a name means is in known-names.ts, and any
 * other name or instruction is refused.
 * @throws PickleError with what is wrong
 */
export function readPickle(bytes: Uint8Array, options: PickleOptions = {}): ReadPickle {
  const machine: Machine = {
    reader: new ByteReader(bytes, options.start ?? 0),
    stack: [],
    memo: new Map(),
    storages: [],
    allowScript: options.allowScript ?? false,
    handled: 0,
  };
  for (let count = 0; count < largestInstructions; count++) {
    const code = machine.reader.uint8();
    if (code === stop) {
      return { value: pop(machine), end: machine.reader.position, storages: machine.storages };
    }
    const instruction = instructions[code];
    if (instruction === undefined) {
      const shown = code > 32 && code < 127 ? `"${String.fromCharCode(code)}"` : `0x${code.toString(16)}`;
      throw new PickleError(`its pickle has the instruction ${shown}, which no file of tensors needs`);
    }
    instruction(machine);
  }
  throw new PickleError(`its pickle has more than ${largestInstructions} instructions`);
}

const stop = 0x2e;

const push = ({ stack }: Machine, value: PickleValue) => void stack.push(value);

const instructions: Record<number, (machine: Machine) => void> = {
  128: ({ reader }) => checkProtocol(reader.uint8()),
  149: ({ reader }) => void reader.uint64(), // FRAME
  40: ({ stack }) => void stack.push(mark), // MARK
  48: (machine) => void pop(machine), // POP
  78: (machine) => push(machine, null), // NONE
  136: (machine) => push(machine, true), // NEWTRUE
  137: (machine) => push(machine, false), // NEWFALSE
  74: (machine) => push(machine, machine.reader.int32()), // BININT
  75: (machine) => push(machine, machine.reader.uint8()), // BININT1
  77: (machine) => push(machine, machine.reader.uint16()), // BININT2
  138: (machine) => push(machine, machine.reader.long(machine.reader.uint8())), // LONG1
  71: (machine) => push(machine, machine.reader.float64()), // BINFLOAT
  88: (machine) => push(machine, machine.reader.text(machine.reader.uint32())), // BINUNICODE
  140: (machine) => push(machine, machine.reader.text(machine.reader.uint8())), // SHORT_BINUNICODE
  85: (machine) => push(machine, machine.reader.bytes(machine.reader.uint8())), // SHORT_BINSTRING
  84: (machine) => push(machine, machine.reader.bytes(machine.reader.uint32())), // BINSTRING
  66: (machine) => push(machine, machine.reader.bytes(machine.reader.uint32())), // BINBYTES
  67: (machine) => push(machine, machine.reader.bytes(machine.reader.uint8())), // SHORT_BINBYTES
  41: (machine) => push(machine, new PickleTuple([])), // EMPTY_TUPLE
  93: (machine) => push(machine, new PickleList()), // EMPTY_LIST
  125: (machine) => push(machine, new PickleDict()), // EMPTY_DICT
  133: (machine) => push(machine, new PickleTuple(popSome(machine, 1))), // TUPLE1
  134: (machine) => push(machine, new PickleTuple(popSome(machine, 2))), // TUPLE2
  135: (machine) => push(machine, new PickleTuple(popSome(machine, 3))), // TUPLE3
  116: (machine) => push(machine, new PickleTuple(popToMark(machine))), // TUPLE
  97: (machine) => append(machine, [pop(machine)]), // APPEND
  101: (machine) => append(machine, popToMark(machine)), // APPENDS
  115: (machine) => setItems(machine, popSome(machine, 2)), // SETITEM
  117: (machine) => setItems(machine, popToMark(machine)), // SETITEMS
  113: (machine) => remember(machine, machine.reader.uint8()), // BINPUT
  114: (machine) => remember(machine, machine.reader.uint32()), // LONG_BINPUT
  148: (machine) => remember(machine, machine.memo.size), // MEMOIZE
  104: (machine) => recall(machine, machine.reader.uint8()), // BINGET
  106: (machine) => recall(machine, machine.reader.uint32()), // LONG_BINGET
  99: (machine) => pushName(machine, machine.reader.line(), machine.reader.line()), // GLOBAL
  147: pushNameFromStack, // STACK_GLOBAL
  82: reduce, // REDUCE
  129: makeObject, // NEWOBJ
  98: build, // BUILD
  81: pushStorage, // BINPERSID
};

function checkProtocol(protocol: number): void {
  if (protocol < 2 || protocol > 5)
    throw new PickleError(`its pickle is of protocol ${protocol}, not 2 to 5`);
}

function pop({ stack }: Machine): PickleValue {
  const value = stack.pop();
  if (value === undefined || value === mark) throw new PickleError('its pickle takes what it never put down');
  return value;
}

function popSome(machine: Machine, count: number): PickleValue[] {
  const values: PickleValue[] = [];
  for (let at = 0; at < count; at++) values.push(pop(machine));
  return values.reverse();
}

function popToMark({ stack }: Machine): PickleValue[] {
  const at = stack.lastIndexOf(mark);
  if (at < 0) throw new PickleError('its pickle closes a list that it never opened');
  const values = stack.splice(at + 1) as PickleValue[];
  stack.pop();
  return values;
}

/** The value on top, which stays there. */
function top(machine: Machine): PickleValue {
  const value = pop(machine);
  machine.stack.push(value);
  return value;
}

function append(machine: Machine, values: PickleValue[]): void {
  const list = top(machine);
  if (!(list instanceof PickleList)) throw new PickleError('its pickle adds to what is no list');
  for (const value of values) list.items.push(value);
}

function setItems(machine: Machine, values: PickleValue[]): void {
  const dict = top(machine);
  if (values.length % 2 !== 0) throw new PickleError('a dictionary in it has a key without a value');
  for (let at = 0; at < values.length; at += 2) {
    const [key, value] = [values[at]!, values[at + 1]!];
    if (dict instanceof PickleDict) setItem(dict, key, value);
    else throw new PickleError('its pickle sets a key of what is no dictionary');
  }
}

function remember(machine: Machine, at: number): void {
  machine.memo.set(at, top(machine));
}

function recall(machine: Machine, at: number): void {
  const value = machine.memo.get(at);
  if (value === undefined) throw new PickleError('its pickle recalls what it never kept');
  push(machine, value);
}

function pushName(machine: Machine, module: string, name: string): void {
  push(machine, checkName(new PickleName(module, name), machine.allowScript));
}

function pushNameFromStack(machine: Machine): void {
  const [module, name] = popSome(machine, 2);
  if (typeof module !== 'string' || typeof name !== 'string')
    throw new PickleError('a name in it is no text');
  pushName(machine, module, name);
}

function reduce(machine: Machine): void {
  const [name, values] = popSome(machine, 2);
  handle(machine, values!);
  if (values instanceof PickleTuple) for (const value of values.items) handle(machine, value);
  push(machine, callByName(name!, values!));
}

/** Counts a container's members before anything goes through them. */
function handle(machine: Machine, value: PickleValue): void {
  if (value instanceof PickleTuple || value instanceof PickleList) machine.handled += value.items.length;
  if (value instanceof PickleDict) machine.handled += value.entries.size;
  if (machine.handled > largestInstructions)
    throw new PickleError(`its pickle handles more than ${largestInstructions} values`);
}

function makeObject(machine: Machine): void {
  const [name] = popSome(machine, 2);
  if (!(name instanceof PickleName) || !isScriptClass(name)) {
    throw new PickleError('its pickle makes an object that no file of tensors needs');
  }
  push(machine, new PickleModule(name.full));
}

/** Gives the value below its state: attributes of a module; an OrderedDict's own are notes that nothing needs. */
function build(machine: Machine): void {
  const state = pop(machine);
  const target = top(machine);
  if (!(target instanceof PickleModule)) return;
  if (!(state instanceof PickleDict)) throw new PickleError('a module in it has no attributes');
  handle(machine, state);
  for (const [name, value] of state.entries) target.attributes.set(String(name), value);
}

function pushStorage(machine: Machine): void {
  const storage = toStorage(pop(machine));
  machine.storages.push(storage);
  push(machine, storage);
}

/** ('storage', kind, key, device, elements): what PyTorch writes in place of a storage. */
function toStorage(id: PickleValue): PickleStorage {
  const [tag, kind, key, , elements] = id instanceof PickleTuple ? id.items : [];
  if (tag !== 'storage' || !(kind instanceof PickleName) || typeof key !== 'string') {
    throw new PickleError(
      `its pickle refers to ${quote(String(tag ?? 'something'))} outside, which is no storage`,
    );
  }
  if (typeof elements !== 'number' || !Number.isSafeInteger(elements) || elements < 0) {
    throw new PickleError(`storage ${quote(key)} has no size`);
  }
  return new PickleStorage(kind.name, key, elements);
}
