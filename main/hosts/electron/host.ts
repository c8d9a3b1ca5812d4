import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { deviceNameSchema } from '#contract/devices/index.ts';
import { engineDeviceVariable } from '#contract/engine.ts';
import { type App, createApp } from '#main/api/app.ts';
import { createFetchHandler } from '#main/api/http/fetch-handler.ts';
import { defaultWorkspaceFolder } from '#main/workbench/workspace.ts';
import { outliveErrors } from '../outlive-errors.ts';
import { serveDialogs } from './dialogs.ts';
import { guardPages } from './guard-pages.ts';
import { launchUtilityProcess } from './launch-engine.ts';
import { createQuitting } from './quitting.ts';
import { serveScheme, windowOrigin } from './scheme.ts';

/** Opens the workspace and its window. Call it once the app is ready. */
export async function startElectronHost(): Promise<void> {
  guardPages();
  let workbench: App;
  try {
    workbench = createApp({
      folder: defaultWorkspaceFolder(),
      host: 'electron',
      device: deviceNameSchema.safeParse(process.env[engineDeviceVariable]).data ?? null,
      launchEngine: launchUtilityProcess,
    });
  } catch (error) {
    dialog.showErrorBox(
      'The workspace cannot be opened',
      error instanceof Error ? error.message : String(error),
    );
    app.exit(1);
    return;
  }
  outliveErrors(workbench.problem);
  serveScheme(createFetchHandler(workbench));
  const window = openWindow();
  serveDialogs(window);
  askBeforeQuitting(workbench, window);
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  await window.loadURL(`${windowOrigin}/`);
}

function openWindow(): BrowserWindow {
  return new BrowserWindow({
    width: 1360,
    height: 860,
    minWidth: 1024,
    minHeight: 700,
    title: 'CleanCLIP Workbench',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
}

/** Closing the window quits; while jobs run it asks first, then stops them, a run with a checkpoint. */
function askBeforeQuitting(workbench: App, window: BrowserWindow): void {
  const quitting = createQuitting({
    isBusy: () => isBusy(workbench),
    confirm: () => confirmQuit(window),
    close: () => workbench.close(),
    end: () => app.quit(),
  });
  const hold = (event: { preventDefault(): void }) => {
    if (!quitting.mayQuit()) event.preventDefault();
  };
  window.on('close', hold);
  app.on('before-quit', hold);
  app.on('window-all-closed', () => app.quit());
}

function isBusy({ jobs }: App): boolean {
  return jobs.list().some(({ state }) => state === 'running' || state === 'stopping');
}

async function confirmQuit(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Something is still running.',
    detail: 'Quitting stops it. A run is stopped with a checkpoint, and can be resumed from there.',
    buttons: ['Stop and quit', 'Keep running'],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}
