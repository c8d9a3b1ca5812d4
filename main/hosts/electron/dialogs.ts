import {
  type BrowserWindow,
  dialog,
  type IpcMainInvokeEvent,
  ipcMain,
  type OpenDialogOptions,
} from 'electron';
import { desktopChannels } from '#contract/desktop.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { isOurs } from './scheme.ts';

/** The dialogs that the preload asks for; only our own page may. */
export function serveDialogs(window: BrowserWindow): void {
  const pick =
    (options: OpenDialogOptions) =>
    async (event: IpcMainInvokeEvent): Promise<string | null> => {
      if (!isOurs(event.senderFrame?.url ?? '')) {
        throw new WorkbenchError('bad-input', 'This page may not open dialogs.');
      }
      const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
      return canceled ? null : (filePaths[0] ?? null);
    };
  ipcMain.handle(
    desktopChannels.pickFile,
    pick({
      title: 'Choose a table of pictures and captions',
      properties: ['openFile'],
      filters: [
        { name: 'Tables', extensions: ['csv', 'tsv'] },
        { name: 'All files', extensions: ['*'] },
      ],
    }),
  );
  ipcMain.handle(
    desktopChannels.pickFolder,
    pick({ title: 'Choose a folder with one folder of pictures per class', properties: ['openDirectory'] }),
  );
}
