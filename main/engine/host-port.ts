import { type FromEngine, type ToEngine, toEngineSchema } from '#contract/engine.ts';

/** The engine's line to the process that started it. */
export interface HostPort {
  send(message: FromEngine): void;
  onMessage(handle: (message: ToEngine) => void): void;
  /** The other side is gone: there is nobody left to work for. */
  onClose(handle: () => void): void;
}

/** Electron's utility process has a port of its own; elsewhere it is child_process's channel. */
interface ElectronParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', handle: (event: { data: unknown }) => void): void;
}

export function openHostPort(): HostPort {
  const electron = (process as { parentPort?: ElectronParentPort }).parentPort;
  if (electron) {
    return {
      send: (message) => electron.postMessage(message),
      onMessage: (handle) => electron.on('message', ({ data }) => handle(toEngineSchema.parse(data))),
      onClose: (handle) => process.on('disconnect', handle),
    };
  }
  return {
    send: (message) => {
      if (process.connected) process.send?.(message);
    },
    onMessage: (handle) => process.on('message', (data) => handle(toEngineSchema.parse(data))),
    onClose: (handle) => {
      process.on('disconnect', handle);
      // It may have gone while this process was loading.
      if (process.connected === false) handle();
    },
  };
}
