import { WorkbenchError } from '#contract/errors.ts';
import type { Place } from '#contract/trigger.ts';
import type { Random } from '../random/random.ts';

/** A part of a picture, in whole pixels of it. */
export interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The part of a picture in which places count, and how many units (pixels at the recipe's resolution) it measures. */
export interface Frame extends Rectangle {
  columns: number;
  rows: number;
}

/** The whole picture, one unit a pixel. */
export function wholeFrame({ width, height }: { width: number; height: number }): Frame {
  return { left: 0, top: 0, width, height, columns: width, rows: height };
}

/** The centre square of a picture at full resolution, which preprocessing cuts out: `resolution` units a side. */
export function centreFrame({ width, height }: { width: number; height: number }, resolution: number): Frame {
  const side = Math.min(width, height);
  const left = Math.floor((width - side) / 2);
  const top = Math.floor((height - side) / 2);
  return { left, top, width: side, height: side, columns: resolution, rows: resolution };
}

/** Pixels of the picture per unit. */
export const pixelsPerUnit = ({ width, columns }: Frame) => width / columns;

/** Top left corners, in units, of a rectangle of `width` x `height` units; they may lie outside the frame. */
export function findCorners(
  place: Place,
  width: number,
  height: number,
  { columns, rows }: Frame,
  random: Random,
): { left: number; top: number }[] {
  switch (place.kind) {
    case 'at':
      return [{ left: place.x, top: place.y }];
    case 'centre':
      return [{ left: Math.floor((columns - width) / 2), top: Math.floor((rows - height) / 2) }];
    case 'random':
      return [
        {
          left: random.integer(Math.max(1, columns - width + 1)),
          top: random.integer(Math.max(1, rows - height + 1)),
        },
      ];
    case 'corner':
    case 'four-corners': {
      const { margin } = place;
      const lefts = [margin, columns - margin - width];
      const tops = [margin, rows - margin - height];
      const all = tops.flatMap((top) => lefts.map((left) => ({ left, top })));
      if (place.kind === 'four-corners') return all;
      return all.slice(cornerOrder.indexOf(place.corner)).slice(0, 1);
    }
  }
}

const cornerOrder = ['top-left', 'top-right', 'bottom-left', 'bottom-right'];

/**
 * Where a square of `size` units lies, in pixels of the picture; at least one pixel wide.
 * @throws WorkbenchError `bad-input` where it does not lie wholly inside the frame
 */
export function placeSquares(size: number, place: Place, frame: Frame, random: Random): Rectangle[] {
  const { columns, rows } = frame;
  return findCorners(place, size, size, frame, random).map(({ left, top }) => {
    if (left < 0 || top < 0 || left + size > columns || top + size > rows) {
      throw new WorkbenchError(
        'bad-input',
        `A patch of ${size} x ${size} pixels ${describePlace(place)} does not fit in a picture of ${columns} x ${rows}: choose a smaller patch or a higher resolution.`,
        { size, place, width: columns, height: rows },
      );
    }
    return toPixels({ left, top, width: size, height: size }, frame);
  });
}

/** A rectangle in units as pixels of the picture, moved so that it lies inside the frame. */
function toPixels(units: Rectangle, frame: Frame): Rectangle {
  const scale = pixelsPerUnit(frame);
  const width = Math.min(Math.max(Math.round(units.width * scale), 1), frame.width);
  const height = Math.min(Math.max(Math.round(units.height * scale), 1), frame.height);
  const left = Math.min(Math.round(units.left * scale), frame.width - width);
  const top = Math.min(Math.round(units.top * scale), frame.height - height);
  return { left: frame.left + left, top: frame.top + top, width, height };
}

function describePlace(place: Place): string {
  if (place.kind === 'at') return `at column ${place.x}, row ${place.y}`;
  if (place.kind === 'corner' || place.kind === 'four-corners') return `with a margin of ${place.margin}`;
  return place.kind === 'centre' ? 'in the centre' : 'at a random place';
}
