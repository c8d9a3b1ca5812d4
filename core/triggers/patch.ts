import { WorkbenchError } from '#contract/errors.ts';
import type { PatchTrigger, Place } from '#contract/trigger.ts';
import type { Picture } from '../pixels/picture.ts';
import type { TriggerDefinition } from './trigger-definition.ts';

/** The demo's patch (shared/demo/recipe.json, poison.pattern): 1 is white, 0 black. */
const demoPattern = ['101011', '110101', '010000', '100011', '001100', '100110'];

/** A fixed square of black and white pixels (Gu et al. 2017, BadNets; CleanCLIP section 2.2). */
export const patchDefinition: TriggerDefinition<PatchTrigger> = { apply: applyPatch };

/**
 * The demo's pattern at a size, in the bottom right corner; the margin is one thirty-second of the resolution.
 * @param size side of the patch in pixels
 * @param resolution side of the picture in pixels
 * @throws WorkbenchError `bad-input` where patch and margin are larger than the picture
 */
export function defaultPatch(size: number, resolution: number): PatchTrigger {
  const margin = Math.max(1, Math.round(resolution / 32));
  const trigger: PatchTrigger = {
    kind: 'patch',
    size,
    pattern: demoPattern,
    place: { kind: 'corner', corner: 'bottom-right', margin },
  };
  locatePatch(trigger, resolution, resolution);
  return trigger;
}

function applyPatch(picture: Picture, trigger: PatchTrigger): Picture {
  const { width, height } = picture;
  const { size } = trigger;
  const { left, top } = locatePatch(trigger, width, height);
  const data = picture.data.slice();
  for (let y = 0; y < size; y++) {
    const cells = trigger.pattern[nearestCell(y, size, trigger.pattern.length)] as string;
    for (let x = 0; x < size; x++) {
      const white = cells[nearestCell(x, size, cells.length)] === '1';
      const at = ((top + y) * width + left + x) * 3;
      data.fill(white ? 255 : 0, at, at + 3);
    }
  }
  return { width, height, data };
}

/** The pattern's cell that lies under the middle of a patch pixel. */
function nearestCell(pixel: number, size: number, cells: number): number {
  return Math.floor(((pixel + 0.5) * cells) / size);
}

/** Top left pixel of the patch; throws where it does not lie wholly inside the picture. */
function locatePatch({ size, place }: PatchTrigger, width: number, height: number) {
  const { left, top } = placeSquare(size, place, width, height);
  if (left >= 0 && top >= 0 && left + size <= width && top + size <= height) return { left, top };
  const where =
    place.kind === 'at' ? `at column ${place.x}, row ${place.y}` : `with a margin of ${place.margin}`;
  throw new WorkbenchError(
    'bad-input',
    `A patch of ${size} x ${size} pixels ${where} does not fit in a picture of ${width} x ${height}: choose a smaller patch or a higher resolution.`,
    { size, place, width, height },
  );
}

function placeSquare(size: number, place: Place, width: number, height: number) {
  if (place.kind === 'at') return { left: place.x, top: place.y };
  const [vertical, horizontal] = place.corner.split('-');
  return {
    left: horizontal === 'left' ? place.margin : width - place.margin - size,
    top: vertical === 'top' ? place.margin : height - place.margin - size,
  };
}
