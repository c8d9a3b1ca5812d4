import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { type DesktopBridge, desktopBridgeName, desktopChannels } from '#contract/desktop.ts';

/** The one bridge to Electron: dialogs and paths of dropped files, nothing else. */
const bridge: DesktopBridge<File> = {
  pickFile: () => ipcRenderer.invoke(desktopChannels.pickFile),
  pickFolder: () => ipcRenderer.invoke(desktopChannels.pickFolder),
  pathOfFile: (file) => webUtils.getPathForFile(file),
};

contextBridge.exposeInMainWorld(desktopBridgeName, bridge);
