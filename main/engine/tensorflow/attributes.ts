import { WorkbenchError } from '#contract/errors.ts';
import type { Pointer, TensorflowApi } from './c-api.ts';
import { attributeKinds } from './dtypes.ts';
import { withStatus } from './status.ts';
import { toDims } from './tensor-data.ts';

/** An op's attribute, as the kernels of tfjs-node give it. */
export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
}

/** Sets attributes on an eager op (prefix TFE_Op) or a graph node (prefix TF_); both take the same ones. */
export function setAttributes(
  api: TensorflowApi,
  prefix: 'TFE_Op' | 'TF_',
  target: Pointer,
  attributes: readonly OpAttribute[],
): void {
  for (const attribute of attributes) setAttribute(api, prefix, target, attribute);
}

function setAttribute(
  api: TensorflowApi,
  prefix: 'TFE_Op' | 'TF_',
  target: Pointer,
  { name, type, value }: OpAttribute,
): void {
  if (type === attributeKinds.string && typeof value === 'string') {
    api[`${prefix}SetAttrString`](target, name, value, Buffer.byteLength(value));
  } else if (type === attributeKinds.string && Array.isArray(value)) {
    const texts = value.map(String);
    const lengths = BigInt64Array.from(texts, (text) => BigInt(Buffer.byteLength(text)));
    api[`${prefix}SetAttrStringList`](target, name, texts, lengths, texts.length);
  } else if (type === attributeKinds.int && Array.isArray(value)) {
    api[`${prefix}SetAttrIntList`](target, name, toDims(value), value.length);
  } else if (type === attributeKinds.int && typeof value === 'number') {
    api[`${prefix}SetAttrInt`](target, name, value);
  } else if (type === attributeKinds.float && typeof value === 'number') {
    api[`${prefix}SetAttrFloat`](target, name, value);
  } else if (type === attributeKinds.bool) {
    api[`${prefix}SetAttrBool`](target, name, value ? 1 : 0);
  } else if (type === attributeKinds.type && typeof value === 'number') {
    api[`${prefix}SetAttrType`](target, name, value);
  } else if (type === attributeKinds.shape && Array.isArray(value)) {
    const dims = toDims(value);
    if (prefix === 'TF_') api.TF_SetAttrShape(target, name, dims, value.length);
    else {
      withStatus(api, `set attribute ${name}`, (status) =>
        api.TFE_OpSetAttrShape(target, name, dims, value.length, status),
      );
    }
  } else {
    throw new WorkbenchError(
      'tensorflow',
      `Attribute ${name} of kind ${type} has a value that is not of its kind.`,
      {
        name,
        type,
        value,
      },
    );
  }
}
