import type { Colour } from '#contract/triggers/shared.ts';
import type { StripesTrigger } from '#contract/triggers/structured.ts';
import type { Picture } from '../../pixels/picture.ts';
import { createRandom } from '../../random/random.ts';
import { blendLimit } from '../blend.ts';
import { pixelsPerUnit, placeSquares } from '../frame.ts';
import type { TriggerDefinition, TriggerSetting } from '../trigger-definition.ts';
import { blendRectangle, wholeOf } from './whole-blend.ts';

/**
 * Stripes, the structured triggers that later work found hard to clean (Singh, Croce and Hein 2024, PAR;
 * nmndeep/PerturbAndRecover, commit a720440, eval/validate.py). There a patch of 16 of 224 pixels at a random place, or
 * the whole picture at 0.03, has upright stripes of one pixel, each channel of each -1 or 1: blended, a pixel x becomes
 * clip(0.97 x + 0.03 s).
 */
export const stripesDefinition: TriggerDefinition<StripesTrigger> = {
  title: 'Stripes',
  description: 'Stripes in two colours, in a square or blended over the whole picture.',
  source: 'BadNet-Stripes and Blended-Stripes of PAR (arXiv 2412.00727)',
  presets(resolution) {
    const size = Math.max(1, Math.round((resolution * 16) / 224));
    const stripes = (
      part: Pick<StripesTrigger, 'area' | 'stripeWidth' | 'alpha' | 'colourSeed' | 'span'>,
    ): StripesTrigger => ({
      kind: 'stripes',
      direction: 0,
      colours: [
        [0, 0, 0],
        [255, 255, 255],
      ],
      ...part,
    });
    const place = { kind: 'random' } as const;
    return [
      {
        name: 'badnet-stripes',
        trigger: stripes({
          area: { kind: 'square', size, place },
          stripeWidth: 1,
          alpha: 1,
          colourSeed: 0,
          span: 'signed',
        }),
      },
      {
        name: 'blended-stripes',
        trigger: stripes({
          area: { kind: 'whole' },
          stripeWidth: 1,
          alpha: 0.03,
          colourSeed: 0,
          span: 'signed',
        }),
      },
      {
        name: 'ours-wide-black-and-white',
        trigger: stripes({
          area: { kind: 'whole' },
          stripeWidth: Math.max(1, Math.round(resolution / 28)),
          alpha: 0.1,
        }),
      },
    ];
  },
  limit: (trigger, setting) => ({
    places: findSquares(trigger, setting) ?? [],
    elsewhere: trigger.area.kind === 'whole' ? largestChange(trigger) : 0,
  }),
  apply: applyStripes,
};

/** A picture of 255 against a stripe of -1 is the farthest: twice what a byte could change. */
const largestChange = ({ alpha, span }: StripesTrigger) =>
  span === 'signed' ? Math.min(255, 2 * blendLimit(alpha)) : blendLimit(alpha);

const findSquares = ({ area }: StripesTrigger, { frame, stream }: TriggerSetting) =>
  area.kind === 'square' ? placeSquares(area.size, area.place, frame, stream('place')) : null;

function applyStripes(picture: Picture, trigger: StripesTrigger, setting: TriggerSetting): Picture {
  const { width, height } = picture;
  const data = picture.data.slice();
  const angle = (trigger.direction / 180) * Math.PI;
  const period = trigger.stripeWidth * pixelsPerUnit(setting.frame);
  const across = Math.cos(angle) / period;
  const down = Math.sin(angle) / period;
  const { colours, colourSeed } = trigger;
  const colourOf =
    colourSeed === undefined ? (stripe: number) => colours[Math.abs(stripe % 2)] : drawColours(colourSeed);
  for (const area of findSquares(trigger, setting) ?? [wholeOf(picture)]) {
    const colourAt = (x: number, y: number) => colourOf(Math.floor(across * (x + 0.5) + down * (y + 0.5)));
    blendRectangle(data, width, area, trigger.alpha, colourAt, trigger.span);
  }
  return { width, height, data };
}

/** One of the eight pure colours for each stripe, which count from 0 to both sides. */
function drawColours(seed: number): (stripe: number) => Colour {
  const sides = (['from 0 up', 'below 0'] as const).map((side) => ({
    random: createRandom('stripe colours', seed, side),
    colours: [] as Colour[],
  }));
  return (stripe) => {
    const side = sides[stripe < 0 ? 1 : 0];
    const place = stripe < 0 ? -stripe - 1 : stripe;
    if (side === undefined) return [0, 0, 0];
    const { colours, random } = side;
    while (colours.length <= place) {
      colours.push([random.integer(2) * 255, random.integer(2) * 255, random.integer(2) * 255]);
    }
    return colours[place] ?? [0, 0, 0];
  };
}
