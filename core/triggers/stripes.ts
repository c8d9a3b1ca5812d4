import type { StripesTrigger } from '#contract/triggers/structured.ts';
import type { Picture } from '../pixels/picture.ts';
import { blendLimit } from './blend.ts';
import { pixelsPerUnit, placeSquares } from './frame.ts';
import type { TriggerDefinition, TriggerSetting } from './trigger-definition.ts';
import { blendRectangle, wholeOf } from './whole-blend.ts';

/** Stripes, the structured triggers that later work found hard to clean (Singh, Croce and Hein 2024, PAR). */
export const stripesDefinition: TriggerDefinition<StripesTrigger> = {
  title: 'Stripes',
  description: 'Stripes in two colours, in a square or blended over the whole picture.',
  source: 'BadNet-Stripes and Blended-Stripes of PAR (arXiv 2412.00727)',
  presets(resolution) {
    const size = Math.max(1, Math.round((resolution * 16) / 224));
    const stripes = (part: Pick<StripesTrigger, 'area' | 'stripeWidth' | 'alpha'>): StripesTrigger => ({
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
          stripeWidth: Math.max(1, Math.round(size / 8)),
          alpha: 1,
        }),
      },
      {
        name: 'blended-stripes',
        trigger: stripes({
          area: { kind: 'whole' },
          stripeWidth: Math.max(1, Math.round(resolution / 28)),
          alpha: 0.03,
        }),
      },
    ];
  },
  limit: (trigger, setting) => ({
    places: findSquares(trigger, setting) ?? [],
    elsewhere: trigger.area.kind === 'whole' ? blendLimit(trigger.alpha) : 0,
  }),
  apply: applyStripes,
};

const findSquares = ({ area }: StripesTrigger, { frame, stream }: TriggerSetting) =>
  area.kind === 'square' ? placeSquares(area.size, area.place, frame, stream('place')) : null;

function applyStripes(picture: Picture, trigger: StripesTrigger, setting: TriggerSetting): Picture {
  const { width, height } = picture;
  const data = picture.data.slice();
  const angle = (trigger.direction / 180) * Math.PI;
  const period = trigger.stripeWidth * pixelsPerUnit(setting.frame);
  const across = Math.cos(angle) / period;
  const down = Math.sin(angle) / period;
  for (const area of findSquares(trigger, setting) ?? [wholeOf(picture)]) {
    blendRectangle(data, width, area, trigger.alpha, (x, y) => {
      const stripe = Math.floor(across * (x + 0.5) + down * (y + 0.5));
      return trigger.colours[Math.abs(stripe % 2)];
    });
  }
  return { width, height, data };
}
