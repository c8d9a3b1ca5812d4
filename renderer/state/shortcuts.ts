import { commandStore } from './commands.svelte.ts';

const sequenceMs = 1200;

/** Whether keys belong to what has the focus: a field takes letters, a dialog or menu keeps its own keys. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('[role="dialog"], [role="menu"]') !== null) return true;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button', 'range'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** What arrow down goes to from a screen's search: its grid, or the first row of its table. */
const firstItem =
  'main [role="grid"][tabindex="0"], main tbody [data-row-focus], main tbody tr[tabindex="0"]';

/** Whether something lies over the screen that keeps Escape for itself. */
export const isOverlaid = (): boolean =>
  document.querySelector('[role="dialog"], [role="menu"], [role="listbox"][data-state="open"]') !== null;

/** The window's keyboard: Ctrl or Cmd with K, `/` for the screen's search, and the keys of the commands. */
export function listenForKeys(): () => void {
  let pressed: string[] = [];
  let forget: ReturnType<typeof setTimeout> | undefined;
  const keydown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      commandStore.paletteOpen = !commandStore.paletteOpen;
      return;
    }
    if (
      event.key === 'ArrowDown' &&
      event.target instanceof HTMLElement &&
      event.target.matches('[data-search]')
    ) {
      const item = document.querySelector<HTMLElement>(firstItem);
      if (item !== null) event.preventDefault();
      item?.focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === '/') {
      const search = document.querySelector<HTMLElement>('main [data-search]');
      event.preventDefault();
      if (search === null) commandStore.paletteOpen = true;
      else search.focus();
      return;
    }
    if (event.key.length !== 1) return;
    clearTimeout(forget);
    pressed = [...pressed.slice(-1), event.key];
    forget = setTimeout(() => {
      pressed = [];
    }, sequenceMs);
    const sequence = pressed.join(' ');
    const command =
      commandStore.all.find((one) => one.keys === sequence) ??
      commandStore.all.find((one) => one.keys === event.key && pressed[0] !== 'g');
    if (command !== undefined) {
      event.preventDefault();
      pressed = [];
      command.run();
    }
  };
  document.addEventListener('keydown', keydown);
  return () => {
    clearTimeout(forget);
    document.removeEventListener('keydown', keydown);
  };
}
