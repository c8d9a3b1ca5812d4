import type { CompositionTrigger, SimpleTrigger } from '#contract/trigger.ts';
import type { Picture } from '../../pixels/picture.ts';
import { applyLayer, limitLayer } from '../layer.ts';
import type { TriggerDefinition, TriggerLimit, TriggerSetting } from '../trigger-definition.ts';
import { type SimpleDefinitions, simpleDefinitions } from './simple-triggers.ts';

/** Triggers one after the other; each part has streams of its own, so two alike may lie in different places. */
export const compositionDefinition: TriggerDefinition<CompositionTrigger> = {
  title: 'Composition',
  description: 'Several triggers, one after the other.',
  source: 'CleanCLIP Workbench',
  presets: (resolution) => [
    {
      name: 'sinusoid-and-patch',
      trigger: {
        kind: 'composition',
        parts: [
          simpleDefinitions.sinusoid.presets(resolution)[0].trigger,
          simpleDefinitions.patch.presets(resolution)[0].trigger,
        ],
      },
    },
  ],
  limit({ parts }, setting) {
    const limits = parts.map((part, at) => limitPart(simpleDefinitions, part, settingOf(setting, at)));
    return {
      places: limits.flatMap(({ places }) => places),
      elsewhere: Math.min(
        255,
        limits.reduce((sum, { elsewhere }) => sum + elsewhere, 0),
      ),
    };
  },
  apply: ({ width, height, data }, { parts }, setting) =>
    parts.reduce<Picture>(
      (result, part, at) => applyPart(simpleDefinitions, result, part, settingOf(setting, at)),
      { width, height, data: data.slice() },
    ),
};

const settingOf = ({ frame, stream }: TriggerSetting, part: number): TriggerSetting => ({
  frame,
  stream: (label) => stream(`part ${part}: ${label}`),
});

function applyPart<K extends SimpleTrigger['kind']>(
  definitions: Pick<SimpleDefinitions, K>,
  picture: Picture,
  part: Extract<SimpleTrigger, { kind: K }>,
  setting: TriggerSetting,
): Picture {
  return applyLayer(picture, part.layer, () => definitions[part.kind as K].apply(picture, part, setting));
}

function limitPart<K extends SimpleTrigger['kind']>(
  definitions: Pick<SimpleDefinitions, K>,
  part: Extract<SimpleTrigger, { kind: K }>,
  setting: TriggerSetting,
): TriggerLimit {
  return limitLayer(part.layer, () => definitions[part.kind as K].limit(part, setting));
}
