import type { ColourTrigger } from '#contract/triggers/colour.ts';
import { type Channels, colourSpaces } from '../pixels/colour-spaces.ts';
import type { Picture } from '../pixels/picture.ts';
import type { TriggerDefinition } from './trigger-definition.ts';

/** A fixed change of colour, as a camera's or a filter's (Jiang et al. 2023, Color Backdoor). */
export const colourDefinition: TriggerDefinition<ColourTrigger> = {
  title: 'Colour',
  description: 'A fixed shift or curve in a colour space.',
  source: 'Color Backdoor (Jiang et al., CVPR 2023)',
  presets: () => [
    {
      name: 'warm',
      trigger: { kind: 'colour', space: 'lab', change: { kind: 'shift', amounts: [0, 0.04, 0.08] } },
    },
    {
      name: 'hue',
      trigger: { kind: 'colour', space: 'hsv', change: { kind: 'shift', amounts: [0.08, 0, 0] } },
    },
    {
      name: 'contrast-curve',
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

function applyColour(picture: Picture, { space, change }: ColourTrigger): Picture {
  const { width, height } = picture;
  const { fromRgb, toRgb } = colourSpaces[space];
  const data = new Uint8ClampedArray(picture.data.length);
  for (let at = 0; at < data.length; at += 3) {
    const before = fromRgb(
      [0, 1, 2].map((channel) => (picture.data[at + channel] as number) / 255) as Channels,
    );
    const after = before.map((value, channel) => {
      const moved =
        change.kind === 'shift'
          ? value + (change.amounts[channel] as number)
          : channel === change.channel
            ? followCurve(change.points, value)
            : value;
      if (space === 'hsv' && channel === 0) return moved - Math.floor(moved);
      return Math.min(Math.max(moved, 0), 1);
    });
    const colour = toRgb(after as Channels);
    for (let channel = 0; channel < 3; channel++)
      data[at + channel] = Math.round((colour[channel] as number) * 255);
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

/** A curve of straight lines; before its first point and after its last one it is level. */
function followCurve(points: readonly { from: number; to: number }[], value: number): number {
  const next = points.findIndex(({ from }) => value <= from);
  const after = points[next === -1 ? points.length - 1 : next];
  const before = points[next - 1];
  if (after === undefined) return value;
  if (before === undefined) return after.to;
  const share = (value - before.from) / (after.from - before.from);
  return before.to + share * (after.to - before.to);
}
