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
  let state: 'open' | 'closing' | 'closed' = 'open';
  const quit = async () => {
    if (state !== 'open') return;
    state = 'closing';
    if (isBusy(workbench) && !(await confirmQuit(window))) {
      state = 'open';
      return;
    }
    try {
      await workbench.close();
    } catch (error) {
      // A program that cannot be quit is worse than one that did not end as it should: the next start mends that.
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    }
    state = 'closed';
    app.quit();
  };
  window.on('close', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    void quit();
  });
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    void quit();
  });
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
