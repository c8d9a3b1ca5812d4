import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import type Electron from 'electron';
import { z } from 'zod';

/**
 * Stands in for the module `electron` where its binary cannot be had: it records what the host asks for, one JSON
 * line each on stdout, does as told by JSON lines on stdin, and serves the protocol handler over HTTP, so that a real
 * Chromium shows the window. What it offers is checked against Electron's own types.
 */
function tell(what: string, value: unknown): void {
  process.stdout.write(`${JSON.stringify({ what, value })}\n`);
}

let handler: ((request: Request) => Response | Promise<Response>) | null = null;
let answer = 0;

/** The same request as the private scheme would bring it. */
const server = createServer(
  getRequestListener(
    async (request) => {
      const { pathname, search, origin } = new URL(request.url);
      const headers = new Headers(request.headers);
      if (headers.get('Origin') === origin) headers.set('Origin', 'ccw://app');
      const body = request.method === 'GET' ? null : await request.arrayBuffer();
      const asked = new Request(`ccw://app${pathname}${search}`, { method: request.method, headers, body });
      return handler === null ? new Response(null, { status: 404 }) : handler(asked);
    },
    { overrideGlobalObjects: false },
  ),
);

class Emitter extends EventEmitter {
  /** @returns whether a listener prevented what the event announces */
  announce(event: string, details: object = {}): boolean {
    let prevented = false;
    this.emit(event, { ...details, preventDefault: () => (prevented = true) });
    return prevented;
  }
}

class Contents extends Emitter {
  openHandler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | null = null;
  setWindowOpenHandler(open: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse): void {
    this.openHandler = open;
  }
}

class Application extends Emitter {
  requestSingleInstanceLock(): boolean {
    const lock = process.env.STAND_IN_SECOND !== '1';
    tell('single-instance-lock', lock);
    return lock;
  }
  whenReady(): Promise<void> {
    tell('ready', true);
    return Promise.resolve();
  }
  quit(): void {
    if (this.announce('before-quit')) return;
    tell('quit', true);
    process.exit(0);
  }
  exit(code = 0): void {
    tell('exit', code);
    process.exit(code);
  }
}

export class BrowserWindow extends Emitter {
  readonly webContents = new Contents();
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    tell('window', options);
    windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    tell('load', { url, served: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  }
  isMinimized(): boolean {
    return true;
  }
  restore(): void {
    tell('restore', true);
  }
  focus(): void {
    tell('focus', true);
  }
}

const windows: BrowserWindow[] = [];
export const app = new Application() satisfies Pick<
  Electron.App,
  'requestSingleInstanceLock' | 'whenReady' | 'quit' | 'exit'
>;

export const protocol = {
  registerSchemesAsPrivileged: (schemes) => tell('schemes', schemes),
  handle: (scheme, handle) => {
    tell('handle', scheme);
    handler = handle as (request: Request) => Response | Promise<Response>;
  },
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>;

let permission: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null;
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handle) => {
      permission = handle;
    },
    setPermissionCheckHandler: (handle) => tell('permission-check', handle?.(null, 'media', '', {} as never)),
    setDevicePermissionHandler: (handle) => tell('device-permission', handle?.({} as never)),
  } satisfies Pick<
    Electron.Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >,
};

const invoked = new Map<string, Parameters<Electron.IpcMain['handle']>[1]>();
export const ipcMain = {
  handle: (channel, listener) => void invoked.set(channel, listener),
} satisfies Pick<Electron.IpcMain, 'handle'>;

export const dialog = {
  showErrorBox: (title: string, content: string) => tell('error-box', { title, content }),
  showMessageBox: async (_window: unknown, options: Electron.MessageBoxOptions) => {
    tell('question', options);
    return { response: answer, checkboxChecked: false } satisfies Electron.MessageBoxReturnValue;
  },
  showOpenDialog: async (_window: unknown, options: Electron.OpenDialogOptions) => {
    tell('open-dialog', options);
    return { canceled: false, filePaths: ['/chosen'] } satisfies Electron.OpenDialogReturnValue;
  },
};

const engineFile = fileURLToPath(new URL('../../../main/engine/process.ts', import.meta.url));

/** A utility process, played by a child process that runs the engine's source. */
export const utilityProcess = {
  fork(file: string, _args: string[], options: Electron.ForkOptions) {
    tell('fork', { file, serviceName: options.serviceName });
    const child: ChildProcess = fork(engineFile, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: options.env as NodeJS.ProcessEnv,
    });
    return Object.assign(child, { postMessage: (message: object) => void child.send(message) });
  },
};

export const contextBridge = {
  exposeInMainWorld: (name: string, value: object) =>
    tell('exposed', { name, keys: Object.keys(value).sort() }),
} satisfies Pick<Electron.ContextBridge, 'exposeInMainWorld'>;
export const ipcRenderer = {
  invoke: async (channel: string) => tell('invoke', channel),
} satisfies Pick<Electron.IpcRenderer, 'invoke'>;
export const webUtils = { getPathForFile: () => '/dropped' } satisfies Pick<
  Electron.WebUtils,
  'getPathForFile'
>;

const commandSchema = z.object({ do: z.string(), value: z.string().default('') });

const commands: Record<string, (value: string) => unknown> = {
  navigate: (url) => windows[0]?.webContents.announce('will-navigate', { url }),
  redirect: (url) => windows[0]?.webContents.announce('will-redirect', { url }),
  webview: () => windows[0]?.webContents.announce('will-attach-webview'),
  open: (url) => windows[0]?.webContents.openHandler?.({ url } as Electron.HandlerDetails),
  permission: (name) => {
    let granted: boolean | null = null;
    permission?.({} as never, name as never, (given) => (granted = given), {} as never);
    return granted;
  },
  second: () => app.emit('second-instance'),
  close: () => windows[0]?.announce('close'),
  answer: (value) => (answer = Number(value)),
  invoke: async (value) => {
    const [channel, url] = value.split(' ');
    try {
      return await invoked.get(channel ?? '')?.({ senderFrame: { url } } as Electron.IpcMainInvokeEvent);
    } catch (error) {
      return `refused: ${String(error)}`;
    }
  },
  ask: async (address) => (await handler?.(new Request(address)))?.status,
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  const command = commandSchema.parse(JSON.parse(line));
  tell(command.do, await commands[command.do]?.(command.value));
});
