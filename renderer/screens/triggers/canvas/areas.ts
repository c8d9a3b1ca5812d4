import type { Place, SimpleTrigger } from '#contract/trigger.ts';
import { centreFrame, type Frame, pixelsPerUnit, type Rectangle, wholeFrame } from '#core/triggers/frame.ts';
import { limitTrigger } from '#core/triggers/trigger-registry.ts';
import { type Design, listParts, orderOf } from '../design.ts';

/** A part's own area, in pixels at the recipe's resolution (units). */
export interface Area {
  size: number;
  place: Place;
  smallest: number;
  /** Text may hang over the edge; squares may not. */
  mustFit: boolean;
}

/** A picture's sides in pixels, as it is stored. */
export interface Sides {
  width: number;
  height: number;
}

/** Where a part lies, if it is not the whole picture. */
export function areaOf(part: SimpleTrigger): Area | null {
  if (part.kind === 'patch') return { size: part.size, place: part.place, smallest: 1, mustFit: true };
  if (part.kind === 'text') return { size: part.size, place: part.place, smallest: 7, mustFit: false };
  if (part.kind === 'stripes' && part.area.kind === 'square') {
    return { size: part.area.size, place: part.area.place, smallest: 1, mustFit: true };
  }
  return null;
}

/** A part with another size or place. Noise that was given for one size keeps that size. */
export function withArea(part: SimpleTrigger, change: Partial<Pick<Area, 'size' | 'place'>>): SimpleTrigger {
  if (part.kind === 'stripes') {
    return part.area.kind === 'square' ? { ...part, area: { ...part.area, ...change } } : part;
  }
  if (part.kind === 'text') return { ...part, ...change };
  if (part.kind !== 'patch') return part;
  return canResize(part) ? { ...part, ...change } : { ...part, place: change.place ?? part.place };
}

export function canResize(part: SimpleTrigger): boolean {
  if (part.kind !== 'patch') return areaOf(part) !== null;
  const { pattern } = part;
  return Array.isArray(pattern) || pattern.kind !== 'mean-noise' || pattern.noise.kind !== 'given';
}

/** Where places count on a picture. */
export function frameOf({ trigger, resolution }: Design, sides: Sides): Frame {
  return orderOf(trigger) === 'before'
    ? centreFrame(sides, resolution)
    : wholeFrame({ width: resolution, height: resolution });
}

/**
 * Where one part lies on a picture, in pixels of the poisoned one; several for four corners, none where it is the whole
 * picture. The place of a part in the list decides its random place, so the parts before it are asked for as well.
 * @throws WorkbenchError `bad-input` where it does not fit
 */
export function placePart(design: Design, sides: Sides, key: string, at: number): Rectangle[] {
  const { trigger, resolution, seed } = design;
  const parts = listParts(trigger);
  const placesOf = (count: number): Rectangle[] => {
    if (count === 0) return [];
    const some = trigger.kind === 'composition' ? { ...trigger, parts: parts.slice(0, count) } : trigger;
    return limitTrigger(sides, { trigger: some, resolution, seed }, key).places;
  };
  return placesOf(at + 1).slice(placesOf(at).length);
}

/** A rectangle of the picture in units of the frame. */
export function toUnits(rectangle: Rectangle, frame: Frame): { left: number; top: number } {
  const scale = pixelsPerUnit(frame);
  return {
    left: Math.round((rectangle.left - frame.left) / scale),
    top: Math.round((rectangle.top - frame.top) / scale),
  };
}

const clamp = (value: number, least: number, most: number) =>
  Math.min(Math.max(value, least), Math.max(least, most));

/**
 * A part moved so that its corner lies at a unit, as far as it may go. A part in four corners moves them all: its
 * margin follows.
 * @param from where the rectangle that is held lay, units
 */
export function movePart(
  part: SimpleTrigger,
  frame: Frame,
  from: { left: number; top: number },
  by: { x: number; y: number },
): SimpleTrigger {
  const area = areaOf(part);
  if (area === null) return part;
  const { columns, rows } = frame;
  if (area.place.kind === 'four-corners') {
    const inward = (from.left < columns / 2 ? 1 : -1) * by.x;
    const down = (from.top < rows / 2 ? 1 : -1) * by.y;
    const margin = clamp(
      area.place.margin + (Math.abs(inward) > Math.abs(down) ? inward : down),
      0,
      Math.min(columns, rows) - area.size,
    );
    return withArea(part, { place: { kind: 'four-corners', margin } });
  }
  const room = area.mustFit ? area.size : 1;
  const x = clamp(from.left + by.x, 0, columns - room);
  const y = clamp(from.top + by.y, 0, rows - room);
  return withArea(part, { place: { kind: 'at', x, y } });
}

/**
 * A part with another size, as large as it may be where it lies. A part at a point grows down and to the right; one in
 * a corner or the centre stays there.
 */
export function resizePart(part: SimpleTrigger, frame: Frame, size: number): SimpleTrigger {
  const area = areaOf(part);
  if (area === null) return part;
  const shorter = Math.min(frame.columns, frame.rows);
  const { place } = area;
  const taken =
    place.kind === 'at'
      ? Math.max(place.x - (frame.columns - shorter), place.y - (frame.rows - shorter))
      : place.kind === 'corner' || place.kind === 'four-corners'
        ? place.margin
        : 0;
  const most = area.mustFit ? shorter - taken : 1024;
  return withArea(part, { size: clamp(Math.round(size), area.smallest, Math.min(1024, most)) });
}

/** Which corner of the rectangle is pulled. */
export interface Handle {
  x: 0 | 1;
  y: 0 | 1;
}

/**
 * A part resized by pulling a corner of its rectangle; the opposite corner stays where it is.
 * @param from the rectangle's corner in units and the size it had
 * @param by how far the corner was pulled, units
 */
export function pullPart(
  part: SimpleTrigger,
  frame: Frame,
  from: { left: number; top: number; size: number },
  handle: Handle,
  by: { x: number; y: number },
): SimpleTrigger {
  const area = areaOf(part);
  if (area === null || !canResize(part)) return part;
  const growX = (handle.x === 1 ? 1 : -1) * by.x;
  const growY = (handle.y === 1 ? 1 : -1) * by.y;
  const grow = Math.abs(growX) > Math.abs(growY) ? growX : growY;
  const roomX = handle.x === 1 ? frame.columns - from.left : from.left + from.size;
  const roomY = handle.y === 1 ? frame.rows - from.top : from.top + from.size;
  const most = area.mustFit ? Math.min(roomX, roomY) : 1024;
  const size = clamp(Math.round(from.size + grow), area.smallest, Math.min(1024, most));
  if (area.place.kind === 'four-corners' || area.place.kind === 'random') return withArea(part, { size });
  const x = Math.max(0, handle.x === 1 ? from.left : from.left + from.size - size);
  const y = Math.max(0, handle.y === 1 ? from.top : from.top + from.size - size);
  return withArea(part, { size, place: { kind: 'at', x, y } });
}

/** What of a part can be turned, in degrees; null where nothing can. */
export function turnOf(part: SimpleTrigger): number | null {
  if (part.kind === 'patch') return part.rotation ?? 0;
  return part.kind === 'stripes' || part.kind === 'sinusoid' ? part.direction : null;
}

/** A part turned to an angle, brought into (-180, 180]. */
export function turnPart(part: SimpleTrigger, degrees: number): SimpleTrigger {
  const whole = ((degrees % 360) + 360) % 360;
  const angle = Number((whole > 180 ? whole - 360 : whole).toFixed(1));
  if (part.kind === 'stripes' || part.kind === 'sinusoid') return { ...part, direction: angle };
  if (part.kind !== 'patch') return part;
  const { rotation: _, ...rest } = part;
  return angle === 0 ? rest : { ...rest, rotation: angle };
}
