import { amplifyDifference, type CanvasPixels } from '../../../workers/rgba.ts';
import type { Drawing } from '../../../workers/trigger-messages.ts';

/** What the canvas shows. */
export const viewNames = ['poisoned', 'clean', 'difference', 'side'] as const;
export type ViewName = (typeof viewNames)[number];

export const viewOptions = [
  { value: 'poisoned', label: 'Poisoned' },
  { value: 'clean', label: 'Clean' },
  { value: 'difference', label: 'Difference' },
  { value: 'side', label: 'Side by side' },
] as const;

export const readView = (text: string | null): ViewName =>
  viewNames.find((name) => name === text) ?? 'poisoned';

/** One picture on the canvas. */
export interface Pane {
  name: 'clean' | 'poisoned' | 'difference';
  label: string;
  pixels: CanvasPixels;
}

/** What a view shows of a drawing, from left to right. */
export function listPanes({ clean, poisoned }: Drawing, view: ViewName, gain: number): Pane[] {
  const panes = {
    clean: () => ({ name: 'clean', label: 'Clean', pixels: clean }) as const,
    poisoned: () => ({ name: 'poisoned', label: 'Poisoned', pixels: poisoned }) as const,
    difference: () =>
      ({
        name: 'difference',
        label: `Difference × ${gain}`,
        pixels: amplifyDifference(clean, poisoned, gain),
      }) as const,
  };
  if (view === 'side') return [panes.clean(), panes.poisoned(), panes.difference()];
  return [panes[view]()];
}

/** How many pixels of the screen a pixel takes so that all panes fit: whole from 1 on. */
export function fitScale(
  sides: { width: number; height: number },
  panes: number,
  room: { width: number; height: number },
  gap: number,
): number {
  const scale = Math.min((room.width - gap * (panes - 1)) / panes / sides.width, room.height / sides.height);
  return scale >= 1 ? Math.floor(scale) : Math.max(scale, 0.02);
}
