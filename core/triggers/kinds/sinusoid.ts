import type { SinusoidTrigger } from '#contract/triggers/sinusoid.ts';
import type { Picture } from '../../pixels/picture.ts';
import { byteShares, cutToByte } from '../blend.ts';
import type { TriggerDefinition } from '../trigger-definition.ts';

/**
 * A wave over the whole picture (Barni et al. 2019, SIG; tests/fixtures/reference/triggers). What later work calls SIG
 * differs, so each preset has the name of those who used it: CleanCLIP (nishadsinghi/CleanCLIP, commit d6e2f1d) takes
 * 0.8 of the picture and 0.2 of a wave of 60; BadCLIP (LiangSiyuan21/BadCLIP, commit a7b1876) adds a wave of 60 to the
 * whole picture; BackdoorBench (commit f02e353) adds one of 40.
 */
export const sinusoidDefinition: TriggerDefinition<SinusoidTrigger> = {
  title: 'Sinusoid',
  description: 'A wave of brightness over the whole picture.',
  source: 'SIG (Barni et al. 2019, arXiv 1902.11237)',
  presets: () => [
    {
      name: 'cleanclip',
      trigger: { kind: 'sinusoid', amplitude: 60, frequency: 6, direction: 0, alpha: 0.2, mode: 'blend' },
    },
    {
      name: 'badclip',
      trigger: { kind: 'sinusoid', amplitude: 60, frequency: 6, direction: 0, alpha: 1, mode: 'add' },
    },
    {
      name: 'backdoorbench',
      trigger: { kind: 'sinusoid', amplitude: 40, frequency: 6, direction: 0, alpha: 1, mode: 'add' },
    },
  ],
  limit: (trigger) => ({ places: [], elsewhere: largestChange(trigger) }),
  apply: applySinusoid,
};

/** In blend mode the picture itself fades too; one more for the cut to bytes. */
function largestChange({ alpha, amplitude, mode }: SinusoidTrigger): number {
  const reach = mode === 'blend' ? 255 + amplitude : amplitude;
  return alpha * reach === 0 ? 0 : Math.min(255, Math.ceil(alpha * reach) + 1);
}

function applySinusoid(picture: Picture, trigger: SinusoidTrigger): Picture {
  const { width, height } = picture;
  const { alpha, amplitude, mode } = trigger;
  const data = picture.data.slice();
  if (alpha === 0) return { width, height, data };
  const kept = Math.fround(mode === 'blend' ? 1 - alpha : 1);
  const angle = (trigger.direction / 180) * Math.PI;
  const across = (2 * Math.PI * trigger.frequency * Math.cos(angle)) / width;
  const down = (2 * Math.PI * trigger.frequency * Math.sin(angle)) / height;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const wave = Math.fround(alpha * (amplitude / 255) * Math.sin(across * x + down * y));
      const at = (y * width + x) * 3;
      for (let channel = at; channel < at + 3; channel++) {
        const share = byteShares[picture.data[channel] as number] as number;
        data[channel] = cutToByte(Math.fround(share * kept) + wave);
      }
    }
  }
  return { width, height, data };
}
