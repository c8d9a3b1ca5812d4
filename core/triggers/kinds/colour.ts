import type { ColourTrigger } from '#contract/triggers/colour.ts';
import { colourSpaces } from '../../pixels/colour-spaces.ts';
import type { Picture } from '../../pixels/picture.ts';
import type { TriggerDefinition } from '../trigger-definition.ts';

/**
 * A fixed change of colour, as a camera's or a filter's (Jiang et al. 2023, Color Backdoor). Its authors' code is not
 * public; `hsv-reimplementation` is the one public re-implementation (lyx1224/color-backdoor, commit c8f92e8), which cuts
 * the hue off at its end. The others are ours.
 */
export const colourDefinition: TriggerDefinition<ColourTrigger> = {
  title: 'Colour',
  description: 'A fixed shift or curve in a colour space.',
  source: 'Color Backdoor (Jiang et al., CVPR 2023)',
  presets: () => [
    {
      name: 'ours-warm',
      trigger: { kind: 'colour', space: 'lab', change: { kind: 'shift', amounts: [0, 0.04, 0.08] } },
    },
    {
      name: 'hsv-reimplementation',
      trigger: {
        kind: 'colour',
        space: 'hsv',
        change: { kind: 'shift', amounts: [0.131, 0.109, 0.121] },
        hue: 'clip',
      },
    },
    {
      name: 'ours-hue',
      trigger: { kind: 'colour', space: 'hsv', change: { kind: 'shift', amounts: [0.08, 0, 0] } },
    },
    {
      name: 'ours-contrast-curve',
      trigger: {
        kind: 'colour',
        space: 'ycbcr',
        change: {
          kind: 'curve',
          channel: 0,
          points: [
            { from: 0, to: 0 },
            { from: 0.25, to: 0.15 },
            { from: 0.75, to: 0.85 },
            { from: 1, to: 1 },
          ],
        },
      },
    },
  ],
  limit: (trigger) => ({ places: [], elsewhere: largestChange(trigger) }),
  apply: applyColour,
};

/** Known for red, green and blue; in other spaces what is cut off depends on the colour, so no value is promised. */
function largestChange({ space, change }: ColourTrigger): number {
  if (change.kind === 'shift') {
    const reach = Math.max(...change.amounts.map(Math.abs));
    if (reach === 0) return 0;
    return space === 'rgb' ? Math.min(255, Math.ceil(reach * 255 + 0.5)) : 255;
  }
  if (space !== 'rgb') return 255;
  const { points } = change;
  const ends = [0, ...points.map(({ from }) => from), 1];
  const reach = Math.max(...ends.map((from) => Math.abs(followCurve(points, from) - from)));
  return reach === 0 ? 0 : Math.min(255, Math.ceil(reach * 255 + 0.5));
}

function applyColour(picture: Picture, { space, change, hue }: ColourTrigger): Picture {
  const { width, height, data: before } = picture;
  const { fromBytes, toBytes } = colourSpaces[space];
  const move = change.kind === 'shift' ? shiftBy(change.amounts) : bendBy(change);
  const data = new Uint8ClampedArray(before.length);
  const values = new Float64Array(3);
  const goesRound = space === 'hsv' && hue !== 'clip';
  for (let at = 0; at < data.length; at += 3) {
    fromBytes(before[at] as number, before[at + 1] as number, before[at + 2] as number, values);
    move(values);
    const first = values[0] as number;
    values[0] = goesRound ? first - Math.floor(first) : clampShare(first);
    values[1] = clampShare(values[1] as number);
    values[2] = clampShare(values[2] as number);
    toBytes(values, data, at);
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

const clampShare = (value: number) => Math.min(Math.max(value, 0), 1);

/** Changes the three channels of a pixel in place. */
type Move = (values: Float64Array) => void;

function shiftBy(amounts: readonly number[]): Move {
  const [first = 0, second = 0, third = 0] = amounts;
  return (values) => {
    values[0] = (values[0] as number) + first;
    values[1] = (values[1] as number) + second;
    values[2] = (values[2] as number) + third;
  };
}

type Curve = Extract<ColourTrigger['change'], { kind: 'curve' }>;

function bendBy({ points, channel }: Curve): Move {
  return (values) => {
    values[channel] = followCurve(points, values[channel] as number);
  };
}

/** A curve of straight lines; before its first point and after its last one it is level. */
function followCurve(points: Curve['points'], value: number): number {
  let next = 0;
  while (next < points.length && !(value <= (points[next]?.from as number))) next += 1;
  const after = points[Math.min(next, points.length - 1)];
  if (after === undefined) return value;
  // Before the first point, and after the last one.
  const before = next < points.length ? points[next - 1] : undefined;
  if (before === undefined) return after.to;
  const share = (value - before.from) / (after.from - before.from);
  return before.to + share * (after.to - before.to);
}
