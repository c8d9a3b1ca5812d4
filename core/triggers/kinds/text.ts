import type { TextTrigger } from '#contract/triggers/structured.ts';
import type { Picture } from '../../pixels/picture.ts';
import { findCorners, pixelsPerUnit, type Rectangle } from '../frame.ts';
import type { TriggerDefinition, TriggerSetting } from '../trigger-definition.ts';
import { isInked, letterColumns, letterRows } from './font.ts';
import { nearestCell } from './nearest-cells.ts';
import { textColumns, textWidth } from './text-fit.ts';
import { blendRectangle } from './whole-blend.ts';

/**
 * PAR's text at 224 pixels (nmndeep/PerturbAndRecover, commit a720440, watermarked_red_tens_224.pt): `Watermarked` in
 * 30 px Noto Sans Mono, whose letters advance by 18 px, from column 13 on, with glyphs in rows 103 to 125. Letters of our
 * font that advance by as much are 21 px high, as its capitals are.
 */
const parText = { resolution: 224, size: 21, left: 13, top: 104 };

/** Words over the picture (Singh, Croce and Hein 2024, PAR: `Watermarked` in red at 0.5, in another font). */
export const textDefinition: TriggerDefinition<TextTrigger> = {
  title: 'Text',
  description: 'Words over the picture, in a font of our own.',
  source: 'Blended-Text of PAR (arXiv 2412.00727)',
  presets(resolution) {
    const scaled = (length: number) => Math.round((length * resolution) / parText.resolution);
    const fits = scaled(parText.size) >= letterRows;
    return [
      {
        name: fits ? 'watermark' : 'ours-watermark',
        trigger: {
          kind: 'text',
          text: 'Watermarked',
          font: 'plain',
          size: fits ? scaled(parText.size) : letterRows,
          colour: [255, 0, 0],
          place: fits ? { kind: 'at', x: scaled(parText.left), y: scaled(parText.top) } : { kind: 'centre' },
          alpha: 0.5,
        },
      },
    ];
  },
  limit: (trigger, setting) => ({
    places: findTexts(trigger, setting).map(({ shown }) => shown),
    elsewhere: 0,
  }),
  apply: applyText,
};

/** A text's whole rectangle, and the part of it inside the frame, in pixels. */
interface PlacedText {
  whole: Rectangle;
  shown: Rectangle;
}

function findTexts(trigger: TextTrigger, { frame, stream }: TriggerSetting): PlacedText[] {
  const { size, place } = trigger;
  const scale = pixelsPerUnit(frame);
  const unitsWide = textWidth(trigger);
  const width = Math.max(1, Math.round(unitsWide * scale));
  const height = Math.max(1, Math.round(size * scale));
  return findCorners(place, unitsWide, size, frame, stream('place')).map((corner) => {
    const left = frame.left + Math.round(corner.left * scale);
    const top = frame.top + Math.round(corner.top * scale);
    const whole = { left, top, width, height };
    return { whole, shown: intersect(whole, frame) };
  });
}

function intersect(a: Rectangle, b: Rectangle): Rectangle {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  const width = Math.max(0, Math.min(a.left + a.width, b.left + b.width) - left);
  const height = Math.max(0, Math.min(a.top + a.height, b.top + b.height) - top);
  return { left, top, width, height };
}

function applyText(picture: Picture, trigger: TextTrigger, setting: TriggerSetting): Picture {
  const { width, height } = picture;
  const { text, colour, alpha } = trigger;
  const data = picture.data.slice();
  const columns = textColumns(trigger, text.length);
  const bold = trigger.font === 'bold';
  const inkedAt = (column: number, row: number) => {
    const letter = Math.floor(column / (letterColumns + 1));
    return isInked(text.charAt(letter), row, column % (letterColumns + 1));
  };
  for (const { whole, shown } of findTexts(trigger, setting)) {
    blendRectangle(data, width, shown, alpha, (x, y) => {
      const column = nearestCell(x + shown.left - whole.left, whole.width, columns);
      const row = nearestCell(y + shown.top - whole.top, whole.height, letterRows);
      return inkedAt(column, row) || (bold && column > 0 && inkedAt(column - 1, row)) ? colour : null;
    });
  }
  return { width, height, data };
}
