import fc from 'fast-check';
import type { SimpleTrigger, Trigger, TriggerKind } from '#contract/trigger.ts';
import { encodeBase64, encodeFloats } from '#core/pixels/base64.ts';

const seed = fc.nat(1000);
const alpha = fc.double({ min: 0, max: 1, noNaN: true });
const angle = fc.integer({ min: -180, max: 180 });
const colour = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 });
const colours = fc.array(colour, { minLength: 2, maxLength: 2 });
const apply = fc.option(fc.constantFrom('before', 'after'), { nil: undefined });

/** Any place at which a square of 5 pixels fits in a picture of 16. */
const place = fc.oneof(
  fc.record({
    kind: fc.constant('corner'),
    corner: fc.constantFrom('top-left', 'top-right', 'bottom-left', 'bottom-right'),
    margin: fc.nat(11),
  }),
  fc.record({ kind: fc.constant('at'), x: fc.nat(11), y: fc.nat(11) }),
  fc.constant({ kind: 'centre' } as const),
  fc.record({ kind: fc.constant('four-corners'), margin: fc.nat(11) }),
  fc.constant({ kind: 'random' } as const),
);

const embedded = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 })
      .map((bytes) => ({ width, height, rgba: encodeBase64(bytes) })),
  );

const patchNoise = (size: number) =>
  fc.oneof(
    fc.record({ kind: fc.constant('fixed'), seed }),
    fc.constant({ kind: 'per-picture' } as const),
    fc
      .array(fc.double({ min: -3, max: 3, noNaN: true }), {
        minLength: 3 * size * size,
        maxLength: 3 * size * size,
      })
      .map((values) => ({ kind: 'given', values: encodeFloats(values) }) as const),
  );

const patchFill = (size: number) =>
  fc.oneof(
    fc.constant<string[]>(['10', '01', '11']),
    fc.record({ kind: fc.constant('solid'), colour }),
    fc.record({ kind: fc.constant('checkerboard'), cells: fc.integer({ min: 1, max: 6 }), colours }),
    fc.record({ kind: fc.constant('noise'), seed }),
    embedded.map((picture) => ({ kind: 'picture', ...picture }) as const),
    embedded.map((picture) => ({ kind: 'painted', ...picture }) as const),
    fc.record({
      kind: fc.constant('mean-noise'),
      noise: patchNoise(size),
      strength: fc.double({ min: 0, max: 2, noNaN: true }),
      overflow: fc.constantFrom('clamp', 'wrap'),
    }),
  );

const simple = {
  patch: fc.integer({ min: 1, max: 5 }).chain((size) =>
    fc.record(
      {
        kind: fc.constant('patch'),
        size: fc.constant(size),
        pattern: patchFill(size),
        place,
        rotation: angle,
      },
      { requiredKeys: ['kind', 'size', 'pattern', 'place'] },
    ),
  ),
  blended: fc.record({
    kind: fc.constant('blended'),
    alpha,
    pattern: fc.oneof(
      fc.record({ kind: fc.constant('noise'), seed }),
      fc.constant({ kind: 'noise-per-picture' } as const),
      embedded.map((picture) => ({ kind: 'picture', ...picture }) as const),
    ),
  }),
  sinusoid: fc.record({
    kind: fc.constant('sinusoid'),
    amplitude: fc.double({ min: 0, max: 255, noNaN: true }),
    frequency: fc.double({ min: 0, max: 20, noNaN: true }),
    direction: angle,
    alpha,
    mode: fc.constantFrom('blend', 'add'),
  }),
  warp: fc.integer({ min: 2, max: 5 }).chain((gridSize) =>
    fc.record({
      kind: fc.constant('warp'),
      gridSize: fc.constant(gridSize),
      strength: fc.double({ min: 0, max: 5, noNaN: true }),
      control: fc.oneof(
        fc.record({ kind: fc.constant('random'), seed }),
        fc.constant({
          kind: 'given',
          values: encodeFloats(new Float32Array(2 * gridSize * gridSize).fill(1.5)),
        } as const),
      ),
    }),
  ),
  stripes: fc.record(
    {
      kind: fc.constant('stripes'),
      area: fc.oneof(
        fc.constant({ kind: 'whole' } as const),
        fc.record({ kind: fc.constant('square'), size: fc.integer({ min: 1, max: 5 }), place }),
      ),
      stripeWidth: fc.double({ min: 0.5, max: 9, noNaN: true }),
      direction: angle,
      colours,
      colourSeed: seed,
      span: fc.constantFrom('bytes', 'signed'),
      alpha,
    },
    { requiredKeys: ['kind', 'area', 'stripeWidth', 'direction', 'colours', 'alpha'] },
  ),
  triangles: fc.record(
    {
      kind: fc.constant('triangles'),
      tiles: fc.integer({ min: 1, max: 5 }),
      colours,
      alpha,
      shape: fc.constantFrom('tip', 'half'),
    },
    { requiredKeys: ['kind', 'tiles', 'colours', 'alpha'] },
  ),
  text: fc.record({
    kind: fc.constant('text'),
    text: fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme-ascii' }),
    font: fc.constantFrom('plain', 'bold'),
    size: fc.integer({ min: 7, max: 30 }),
    colour,
    place,
    alpha,
  }),
  frequency: fc.integer({ min: 2, max: 12 }).chain((blockSize) => {
    const index = fc.nat(blockSize - 1);
    return fc.record({
      kind: fc.constant('frequency'),
      blockSize: fc.constant(blockSize),
      coefficients: fc.array(fc.record({ row: index, column: index }), { minLength: 1, maxLength: 3 }),
      magnitude: fc.double({ min: -60, max: 60, noNaN: true }),
      channels: fc.constantFrom('rgb', 'luma', 'chroma'),
    });
  }),
  colour: fc.record({
    kind: fc.constant('colour'),
    space: fc.constantFrom('rgb', 'hsv', 'ycbcr', 'lab'),
    hue: fc.constantFrom('round', 'clip'),
    change: fc.oneof(
      fc.record({
        kind: fc.constant('shift'),
        amounts: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constant('curve'),
        channel: fc.nat(2),
        points: fc.tuple(alpha, alpha, alpha).map(([low, middle, high]) => [
          { from: 0.1, to: low },
          { from: 0.4, to: middle },
          { from: 0.9, to: high },
        ]),
      }),
    ),
  }),
} satisfies { [K in SimpleTrigger['kind']]: fc.Arbitrary<Extract<SimpleTrigger, { kind: K }>> };

/** Any trigger of a kind that fits in a picture of 16 x 16 pixels, laid on before or after resizing. */
export function anyTrigger(kind: TriggerKind): fc.Arbitrary<Trigger> {
  const trigger: fc.Arbitrary<Trigger> =
    kind === 'composition'
      ? fc.record({
          kind: fc.constant('composition'),
          parts: fc.array(fc.oneof(...Object.values<fc.Arbitrary<SimpleTrigger>>(simple)), {
            minLength: 1,
            maxLength: 3,
          }),
        })
      : simple[kind];
  return fc
    .tuple(trigger, apply)
    .map(([one, order]) => withoutMinusZero(order === undefined ? one : { ...one, apply: order }));
}

/** JSON has no -0. */
const withoutMinusZero = (trigger: Trigger): Trigger => JSON.parse(JSON.stringify(trigger));
