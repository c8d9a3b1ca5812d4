import { z } from 'zod';
import { type SimpleTrigger, simpleTriggerSchema } from '#contract/trigger.ts';
import { encodeBase64 } from '#core/pixels/base64.ts';
import { simpleDefinitions } from '#core/triggers/kinds/simple-triggers.ts';
import { isRecord, type SchemaNode } from '../../../components/fields/schema-form/schema.ts';
import { areaOf } from '../canvas/areas.ts';
import { blankPainting } from '../canvas/painting.ts';
import type { Design } from '../design.ts';

export type SimpleKind = SimpleTrigger['kind'];

/** Every kind that a part may be, in the order in which they are shown. */
export const simpleKinds: readonly SimpleKind[] = simpleTriggerSchema.options.map(
  ({ shape }) => shape.kind.value,
);

const schemas = new Map<SimpleKind, SchemaNode>(
  simpleTriggerSchema.options.map((option) => [
    option.shape.kind.value,
    z.toJSONSchema(option, { io: 'input' }),
  ]),
);

/** JSON Schema of a kind's parameters. */
export const schemaOf = (kind: SimpleKind): SchemaNode => schemas.get(kind) ?? {};

/** Named parameters of a kind, the default first. */
export function presetsOf(kind: SimpleKind, resolution: number): { name: string; part: SimpleTrigger }[] {
  const presets: { name: string; trigger: SimpleTrigger }[] = simpleDefinitions[kind].presets(resolution);
  const listed = presets.map(({ name, trigger }) => ({ name, part: trigger }));
  const [first] = listed;
  if (first?.part.kind !== 'patch') return listed;
  const size = Math.max(8, Math.round(resolution / 4));
  const pattern = { kind: 'painted', ...embed(Math.min(size, resolution)) } as const;
  const blank: SimpleTrigger = {
    kind: 'patch',
    size: Math.min(size, resolution),
    pattern,
    place: { kind: 'centre' },
  };
  return [...listed, { name: 'empty-painting', part: blank }];
}

/** At so few pixels the paper's patch would be two pixels wide. */
const smallResolution = 96;

/** What a new part of a kind begins with. */
export function defaultPart(kind: SimpleKind, resolution: number): SimpleTrigger {
  const presets = presetsOf(kind, resolution);
  const demo = resolution <= smallResolution ? presets.find(({ name }) => name === 'demo') : undefined;
  const chosen = demo ?? presets[0];
  if (chosen === undefined) throw new RangeError(`The kind ${kind} has no preset.`);
  return chosen.part;
}

function embed(cells: number): { width: number; height: number; rgba: string } {
  const { width, height, rgba } = blankPainting(cells);
  return { width, height, rgba: encodeBase64(rgba) };
}

const grey = { width: 1, height: 1, rgba: encodeBase64(Uint8Array.of(128, 128, 128, 255)) };

/** What a filling or a place begins with where it is newly chosen. */
export function makeValue(schema: SchemaNode, part: SimpleTrigger, { resolution }: Design): unknown {
  const kind = isRecord(schema.properties) ? schema.properties.kind : undefined;
  const name = isRecord(kind) ? kind.const : schema.type;
  const area = areaOf(part);
  const size = area?.size ?? 1;
  switch (name) {
    case 'array':
      return part.kind === 'patch' ? ['10', '01'] : undefined;
    case 'painted':
      return { kind: 'painted', ...embed(size) };
    case 'picture':
      return { kind: 'picture', ...grey };
    case 'solid':
      return { kind: 'solid', colour: [255, 255, 0] };
    case 'checkerboard':
      return {
        kind: 'checkerboard',
        cells: 4,
        colours: [
          [0, 0, 0],
          [255, 255, 255],
        ],
      };
    case 'mean-noise':
      return { kind: 'mean-noise', noise: { kind: 'fixed', seed: 0 }, strength: 1, overflow: 'clamp' };
    case 'corner':
      return { kind: 'corner', corner: 'bottom-right', margin: 0 };
    case 'at': {
      const middle = Math.max(0, Math.floor((resolution - size) / 2));
      return { kind: 'at', x: middle, y: middle };
    }
    case 'square':
      return {
        kind: 'square',
        size: Math.max(1, Math.round(resolution / 4)),
        place: { kind: 'corner', corner: 'bottom-right', margin: 0 },
      };
    case 'curve':
      return {
        kind: 'curve',
        channel: 0,
        points: [
          { from: 0, to: 0 },
          { from: 0.5, to: 0.6 },
          { from: 1, to: 1 },
        ],
      };
    default:
      return undefined;
  }
}
