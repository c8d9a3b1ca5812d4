import { SvelteMap } from 'svelte/reactivity';

/** Something that the palette finds, the shortcut sheet lists and, with `keys`, the keyboard does. */
export interface Command {
  id: string;
  title: string;
  group: 'Go to' | 'Do' | 'This screen' | 'Window';
  /** Keys one after another, as `g h`, or with modifiers, as `Ctrl+K`. */
  keys?: string;
  /** More words that find it. */
  words?: string;
  run: () => void;
}

const commands = new SvelteMap<string, Command>();

/** Adds commands while a screen is shown: `$effect(() => addCommands([...]))`. */
export function addCommands(list: readonly Command[]): () => void {
  for (const command of list) commands.set(command.id, command);
  return () => {
    for (const command of list) if (commands.get(command.id) === command) commands.delete(command.id);
  };
}

/** Keys that a part of the screen understands by itself, for the shortcut sheet. */
export interface KeyHint {
  title: string;
  keys: string;
}
const hints = new SvelteMap<string, readonly KeyHint[]>();

/** Lists keys while a part is shown: `$effect(() => addKeyHints('Records', [...]))`. */
export function addKeyHints(part: string, list: readonly KeyHint[]): () => void {
  hints.set(part, list);
  return () => {
    if (hints.get(part) === list) hints.delete(part);
  };
}

let paletteOpen = $state(false);
let sheetOpen = $state(false);

export const commandStore = {
  get all(): Command[] {
    return [...commands.values()];
  },
  /** Keys by the part of the screen that understands them. */
  get hints(): { part: string; list: readonly KeyHint[] }[] {
    return [...hints].map(([part, list]) => ({ part, list }));
  },
  get paletteOpen() {
    return paletteOpen;
  },
  set paletteOpen(open: boolean) {
    paletteOpen = open;
  },
  get sheetOpen() {
    return sheetOpen;
  },
  set sheetOpen(open: boolean) {
    sheetOpen = open;
  },
};
