import type { Command } from '../../state/commands.svelte.ts';
import type { ToolName } from './canvas/tools.ts';

/** What the keys of the designer do. */
export interface DesignerActions {
  undo(): void;
  redo(): void;
  save(): void;
  saveAs(): void;
  library(): void;
  exportFiles(): void;
  importFiles(): void;
  makeVariant(): void;
  focusCanvas(): void;
  setTool(tool: ToolName): void;
  grow(by: number): void;
  turn(degrees: number): void;
  widenBrush(by: number): void;
  /** By its number in the row of views. */
  setView(at: number): void;
  choosePicture(by: -1 | 1): void;
  shuffle(): void;
  choosePart(): void;
  zoom(factor: number): void;
  fit(): void;
}

const turnStep = 5;

/**
 * The designer's commands for the palette and the sheet of shortcuts. Those with Ctrl are listened for by the screen,
 * arrows and Space by the canvas.
 */
export function designerCommands(actions: DesignerActions): Command[] {
  const list: [id: string, title: string, keys: string | null, run: () => void, words?: string][] = [
    ['undo', 'Undo', 'Ctrl Z', actions.undo],
    ['redo', 'Redo', 'Ctrl Shift Z', actions.redo],
    ['save', 'Save the trigger', 'Ctrl S', actions.save, 'version keep'],
    ['save-as', 'Save the trigger as…', null, actions.saveAs],
    ['library', 'Open saved triggers and presets', 'o', actions.library],
    ['export', 'Export the trigger as JSON and PNG', null, actions.exportFiles],
    ['import', 'Import a trigger from JSON or PNG', null, actions.importFiles],
    ['variant', 'Make a variant with this trigger', null, actions.makeVariant],
    ['canvas', 'Go to the canvas', 'c', actions.focusCanvas],
    ['nudge', 'Canvas: move by a pixel or the brush by a cell', 'Arrows', actions.focusCanvas],
    ['nudge-far', 'Canvas: move by ten', 'Shift Arrows', actions.focusCanvas],
    ['dab', 'Canvas: paint', 'Space', actions.focusCanvas],
    ['larger', 'Larger', '+', () => actions.grow(1)],
    ['larger-too', 'Larger (without Shift)', '=', () => actions.grow(1)],
    ['smaller', 'Smaller', '-', () => actions.grow(-1)],
    ['turn-left', `Turn by ${turnStep}° to the left`, '[', () => actions.turn(-turnStep)],
    ['turn-right', `Turn by ${turnStep}° to the right`, ']', () => actions.turn(turnStep)],
    ['tool-move', 'Move tool', 'v', () => actions.setTool('move')],
    ['tool-brush', 'Brush', 'b', () => actions.setTool('brush'), 'paint draw'],
    ['tool-eraser', 'Eraser', 'e', () => actions.setTool('eraser')],
    ['brush-narrower', 'Narrower brush', ',', () => actions.widenBrush(-1)],
    ['brush-wider', 'Wider brush', '.', () => actions.widenBrush(1)],
    ['view-poisoned', 'Show poisoned', '1', () => actions.setView(0)],
    ['view-clean', 'Show clean', '2', () => actions.setView(1)],
    ['view-difference', 'Show the difference', '3', () => actions.setView(2)],
    ['view-side', 'Show side by side', '4', () => actions.setView(3)],
    ['picture-before', 'Previous picture', 'j', () => actions.choosePicture(-1)],
    ['picture-after', 'Next picture', 'k', () => actions.choosePicture(1)],
    ['shuffle', 'Other pictures', 's', actions.shuffle],
    ['part', 'Next part of the trigger', 'p', actions.choosePart],
    ['zoom-in', 'Zoom in (also Ctrl and the wheel)', 'z', () => actions.zoom(1.25)],
    ['zoom-out', 'Zoom out', 'Z', () => actions.zoom(0.8)],
    ['zoom-fit', 'Fit the picture', '0', actions.fit],
    ['paste', 'Paste a picture as a patch', 'Ctrl V', actions.focusCanvas],
  ];
  return list.map(([id, title, keys, run, words]) => ({
    id: `trigger-${id}`,
    title,
    group: 'This screen',
    run,
    ...(keys === null ? {} : { keys }),
    ...(words === undefined ? {} : { words }),
  }));
}
