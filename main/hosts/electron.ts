import { app } from 'electron';
import { startElectronHost } from './electron/host.ts';
import { registerScheme } from './electron/scheme.ts';

// Before the app is ready, or the scheme stays a stranger to fetch, streams and cookies.
registerScheme();

if (app.requestSingleInstanceLock()) {
  // Never awaited here: Electron is ready only once this module has run.
  void app.whenReady().then(startElectronHost);
} else {
  // The first instance shows its window.
  app.quit();
}
