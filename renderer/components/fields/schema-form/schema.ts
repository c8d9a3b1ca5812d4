import type { z } from 'zod';

/** One node of a JSON Schema, as zod's toJSONSchema writes it. */
export type SchemaNode = z.core.JSONSchema.BaseSchema;

/** How a parameter is edited. */
export type FieldShape =
  | { kind: 'number'; min: number; max: number; whole: boolean }
  | { kind: 'choice'; values: string[] }
  | { kind: 'colour' }
  | { kind: 'text'; pattern: RegExp | null; longest: number }
  /** Bytes as base64: shown, never typed. */
  | { kind: 'bytes' }
  | { kind: 'picture' }
  | { kind: 'object'; fields: ObjectField[] }
  | { kind: 'union'; options: UnionOption[] }
  | { kind: 'list'; item: SchemaNode; least: number; most: number }
  | { kind: 'fixed' };

export interface ObjectField {
  name: string;
  schema: SchemaNode;
  required: boolean;
}

/** One form of a union: named by its `kind`; a form without one is named by its type. */
export interface UnionOption {
  name: string;
  schema: SchemaNode;
}

const isNode = (value: unknown): value is SchemaNode => typeof value === 'object' && value !== null;

/** What a node of a schema asks for. Whole numbers without limits get those of a safe integer. */
export function readShape(schema: SchemaNode): FieldShape {
  const forms = (schema.anyOf ?? schema.oneOf ?? []).filter(isNode);
  if (forms.length > 0) return { kind: 'union', options: forms.flatMap(readOptions) };
  if (schema.const !== undefined) return { kind: 'fixed' };
  if (schema.enum !== undefined) return { kind: 'choice', values: schema.enum.map(String) };
  if (schema.type === 'object') {
    const fields = listFields(schema);
    return fields.some(({ name }) => name === 'rgba') ? { kind: 'picture' } : { kind: 'object', fields };
  }
  if (schema.type === 'array') return readList(schema);
  if (schema.type === 'string') return readText(schema);
  return {
    kind: 'number',
    min: schema.minimum ?? Number.MIN_SAFE_INTEGER,
    max: schema.maximum ?? Number.MAX_SAFE_INTEGER,
    whole: schema.type === 'integer',
  };
}

/** Unions within unions become one list of forms. */
function readOptions(form: SchemaNode): UnionOption[] {
  const shape = readShape(form);
  return shape.kind === 'union' ? shape.options : [{ name: optionName(form), schema: form }];
}

function optionName(form: SchemaNode): string {
  const kind = isNode(form.properties) ? form.properties.kind : undefined;
  return isNode(kind) && typeof kind.const === 'string'
    ? kind.const
    : typeof form.type === 'string'
      ? form.type
      : 'value';
}

function listFields(schema: SchemaNode): ObjectField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) =>
    isNode(node) ? [{ name, schema: node, required: schema.required?.includes(name) ?? false }] : [],
  );
}

function readList(schema: SchemaNode): FieldShape {
  const item = Array.isArray(schema.items) ? schema.items[0] : schema.items;
  const node = isNode(item) ? item : {};
  const least = schema.minItems ?? 0;
  const most = schema.maxItems ?? Number.MAX_SAFE_INTEGER;
  const isColour = least === 3 && most === 3 && node.type === 'integer' && node.maximum === 255;
  return isColour ? { kind: 'colour' } : { kind: 'list', item: node, least, most };
}

function readText(schema: SchemaNode): FieldShape {
  if (schema.description?.includes('base64')) return { kind: 'bytes' };
  const pattern = typeof schema.pattern === 'string' ? new RegExp(schema.pattern) : null;
  return { kind: 'text', pattern, longest: schema.maxLength ?? Number.MAX_SAFE_INTEGER };
}

/** Which form of a union a value has; the first where it has none. */
export function findOption(options: readonly UnionOption[], value: unknown): UnionOption | undefined {
  const name = Array.isArray(value) ? 'array' : isRecord(value) ? String(value.kind) : typeof value;
  return options.find((option) => option.name === name) ?? options[0];
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a form holds nothing but bytes from elsewhere, so that nobody can choose it by hand. */
export function needsBytes(option: UnionOption): boolean {
  const shape = readShape(option.schema);
  return shape.kind === 'object' && shape.fields.some(({ schema }) => readShape(schema).kind === 'bytes');
}

/**
 * The plainest value that a schema allows: the first of a choice, 0 or the number nearest to it, black and white for
 * two colours, lists as short as they may be. Optional parts are left out.
 */
export function makePlain(schema: SchemaNode): unknown {
  if (schema.const !== undefined) return schema.const;
  const shape = readShape(schema);
  switch (shape.kind) {
    case 'number':
      return Math.min(Math.max(0, shape.min), shape.max);
    case 'choice':
      return shape.values[0];
    case 'colour':
      return [0, 0, 0];
    case 'text':
    case 'bytes':
      return '';
    case 'list': {
      const isPair = readShape(shape.item).kind === 'colour' && shape.least === 2;
      if (isPair) return [black, white];
      return Array.from({ length: shape.least }, () => makePlain(shape.item));
    }
    case 'union':
      return shape.options[0] === undefined ? null : makePlain(shape.options[0].schema);
    default:
      return Object.fromEntries(
        listFields(schema).flatMap(({ name, schema: node, required }) =>
          required ? [[name, makePlain(node)]] : [],
        ),
      );
  }
}

const black = [0, 0, 0];
const white = [255, 255, 255];

/** Words of a parameter's name: `gridSize` becomes `Grid size`, `four-corners` becomes `Four corners`. */
export function toWords(name: string): string {
  const words = name
    .replaceAll('-', ' ')
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
