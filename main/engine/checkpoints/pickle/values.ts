/** What the restricted interpreter makes of a pickle: plain data, never code. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleName
  | PickleModule
  | PickleTensor
  | PickleStorage;

export class PickleTuple {
  readonly items: readonly PickleValue[];
  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

export class PickleList {
  readonly items: PickleValue[] = [];
}

/** A dict or an OrderedDict: insertion order is kept, and a key stands in it once. */
export class PickleDict {
  readonly entries = new Map<string | number, PickleValue>();
  get(key: string): PickleValue | undefined {
    return this.entries.get(key);
  }
}

/** A class or function by its name: only ever compared with names that are known. */
export class PickleName {
  readonly module: string;
  readonly name: string;
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
  get full(): string {
    return `${this.module}.${this.name}`;
  }
}

/** An object of a TorchScript archive: a module with its attributes. */
export class PickleModule {
  readonly className: string;
  readonly attributes = new Map<string, PickleValue>();
  constructor(className: string) {
    this.className = className;
  }
}

/** Bytes of a file that tensors are views of. */
export class PickleStorage {
  /** PyTorch's name of it, for instance FloatStorage. */
  readonly type: string;
  readonly key: string;
  /** Values it claims to hold. */
  readonly elements: number;
  constructor(type: string, key: string, elements: number) {
    this.type = type;
    this.key = key;
    this.elements = elements;
  }
}

/** A view of a storage, all in elements. */
export class PickleTensor {
  readonly storage: PickleStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  constructor(storage: PickleStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}
