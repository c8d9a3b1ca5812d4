import { expect, test } from 'vitest';
import { z } from 'zod';
import { simpleTriggerSchema } from '#contract/trigger.ts';
import { formatHex, parseHex } from '../../../../../renderer/components/fields/schema-form/hex-colour.ts';
import {
  findOption,
  makePlain,
  needsBytes,
  readShape,
  toWords,
} from '../../../../../renderer/components/fields/schema-form/schema.ts';
import { sliderRange } from '../../../../../renderer/components/fields/schema-form/slider-range.ts';
import {
  presetsOf,
  schemaOf,
  simpleKinds,
} from '../../../../../renderer/screens/triggers/form/part-forms.ts';

const shapeOf = (schema: z.ZodType) => readShape(z.toJSONSchema(schema, { io: 'input' }));

test('each kind of schema has its field', () => {
  expect(shapeOf(z.number().min(0).max(1))).toEqual({ kind: 'number', min: 0, max: 1, whole: false });
  expect(shapeOf(z.number().int().min(2).max(5))).toEqual({ kind: 'number', min: 2, max: 5, whole: true });
  expect(shapeOf(z.enum(['a', 'b']))).toEqual({ kind: 'choice', values: ['a', 'b'] });
  expect(shapeOf(z.array(z.number().int().min(0).max(255)).length(3))).toEqual({ kind: 'colour' });
  expect(shapeOf(z.array(z.number()).min(1).max(4))).toMatchObject({ kind: 'list', least: 1, most: 4 });
  expect(shapeOf(z.string().max(9))).toEqual({ kind: 'text', pattern: null, longest: 9 });
  expect(shapeOf(z.string().describe('Bytes as base64'))).toEqual({ kind: 'bytes' });
});

test('unions within unions are one list, and a value finds its form', () => {
  const shape = shapeOf(
    z.union([
      z.array(z.string()),
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('one'), size: z.number() }),
        z.object({ kind: z.literal('given'), values: z.string().describe('base64') }),
      ]),
    ]),
  );
  if (shape.kind !== 'union') throw new Error('a union');
  expect(shape.options.map(({ name }) => name)).toEqual(['array', 'one', 'given']);
  expect(findOption(shape.options, { kind: 'one', size: 1 })?.name).toBe('one');
  expect(findOption(shape.options, ['1'])?.name).toBe('array');
  expect(shape.options.map(needsBytes)).toEqual([false, false, true]);
});

test('the plainest value satisfies the schema that it was made from', () => {
  const schema = z.object({
    kind: z.literal('x'),
    size: z.number().int().min(3).max(9),
    colours: z.array(z.array(z.number().int().min(0).max(255)).length(3)).length(2),
    place: z.discriminatedUnion('kind', [z.object({ kind: z.literal('at'), x: z.number().min(0) })]),
    turned: z.number().optional(),
  });
  const plain = makePlain(z.toJSONSchema(schema, { io: 'input' }));
  expect(schema.parse(plain)).toEqual({
    kind: 'x',
    size: 3,
    colours: [
      [0, 0, 0],
      [255, 255, 255],
    ],
    place: { kind: 'at', x: 0 },
  });
});

test('every parameter of every trigger has a field, and its presets lie in the slider’s schema', () => {
  for (const kind of simpleKinds) {
    const shape = readShape(schemaOf(kind));
    if (shape.kind !== 'object') throw new Error(kind);
    const names = shape.fields.map(({ name }) => name);
    for (const { part } of presetsOf(kind, 64)) {
      expect(simpleTriggerSchema.safeParse(part).success).toBe(true);
      for (const name of Object.keys(part)) expect(names).toContain(name);
    }
  }
});

test('a slider keeps to what is asked for, takes in the value, and steps by a power of ten', () => {
  const alpha = { min: 0, max: 1, whole: false };
  expect(sliderRange(alpha, {}, 0.5)).toEqual({ min: 0, max: 1, step: 0.01 });
  expect(sliderRange({ min: 1, max: 1024, whole: true }, { max: 32 }, 6)).toEqual({
    min: 1,
    max: 32,
    step: 1,
  });
  expect(sliderRange({ min: 1, max: 1024, whole: true }, { max: 32 }, 100).max).toBe(100);
});

test('words of names, and colours as codes and back', () => {
  expect([toWords('gridSize'), toWords('four-corners'), toWords('x')]).toEqual([
    'Grid size',
    'Four corners',
    'X',
  ]);
  expect(formatHex([255, 0, 16])).toBe('#ff0010');
  expect([parseHex('#ff0010'), parseHex('0f8'), parseHex('red')]).toEqual([
    [255, 0, 16],
    [0, 255, 136],
    null,
  ]);
});
