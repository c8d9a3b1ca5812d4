/** What a drag on the canvas does. */
export type ToolName = 'move' | 'brush' | 'eraser';

/** The brush as it is set, for the brush and the eraser alike. */
export interface BrushSettings {
  /** Red, green and blue, each 0 to 255. */
  colour: [number, number, number];
  /** Diameter in cells of the painting. */
  size: number;
  /** 0 to 1; 0 shows nothing. */
  opacity: number;
}

export const largestBrush = 32;
export const firstBrush: BrushSettings = { colour: [220, 20, 60], size: 2, opacity: 1 };
