import { type DesktopBridge, desktopBridgeName } from '#contract/desktop.ts';
import { pathOfText } from './path-text.ts';

declare global {
  interface Window {
    readonly [desktopBridgeName]?: DesktopBridge<File>;
  }
}

/** Native dialogs and paths, where the window is Electron's; undefined in a browser. */
export const desktop = (): DesktopBridge<File> | undefined => window[desktopBridgeName];

/** What a drop says of where a file lies. */
export interface DroppedPath {
  /** Absolute path; null where the browser keeps it to itself. */
  path: string | null;
  name: string | null;
}

/** The path of the first file dropped, or of a file: address or path dropped as text. */
export function readDroppedPath(drop: Pick<DataTransfer, 'files' | 'getData'>): DroppedPath {
  const file = drop.files[0];
  const own = file === undefined ? '' : (desktop()?.pathOfFile(file) ?? '');
  if (own !== '') return { path: own, name: file?.name ?? null };
  const text = drop.getData('text/uri-list') || drop.getData('text/plain');
  return { path: pathOfText(text), name: file?.name ?? null };
}
