/** What Electron's preload gives the window beyond the web: native dialogs and paths of dropped files. */
export interface DesktopBridge<DroppedFile> {
  /** Path of a CSV or TSV file that the person chose, null where none was. */
  pickFile(): Promise<string | null>;
  pickFolder(): Promise<string | null>;
  /** Absolute path of a file or folder that was dropped on the window; empty where it has none. */
  pathOfFile(file: DroppedFile): string;
}

/** The bridge is this property of `window`; in a browser there is none. */
export const desktopBridgeName = 'ccwDesktop';

export const desktopChannels = { pickFile: 'ccw:pick-file', pickFolder: 'ccw:pick-folder' } as const;
