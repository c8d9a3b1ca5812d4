import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { DeviceName } from '#contract/devices/index.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { createApp } from '#main/api/app.ts';
import { createFetchHandler, type FetchHandler } from '#main/api/http/fetch-handler.ts';
import { addSecurityHeaders } from '#main/api/http/security-headers.ts';
import { type Access, createAccess, createKeys } from './browser/access.ts';
import { readLink, writeLink } from './browser/kept-link.ts';
import { outliveErrors } from './outlive-errors.ts';

/** Nothing outside this machine can reach it. */
const address = '127.0.0.1';

export interface BrowserHost {
  /** The link with the secret token: the same each time the workspace is served, where its port is free. */
  readonly url: string;
  /** Stops what runs (a run with a checkpoint), then the server, and closes the workspace. */
  close(): Promise<void>;
}

export interface BrowserHostOptions {
  /** The workspace's folder. */
  folder: string;
  /** 0 takes the one that the workspace had last, else a free one. */
  port: number;
  /** See AppOptions. */
  device: DeviceName | null;
}

/**
 * Serves the workbench to browsers on this machine.
 * @throws WorkbenchError as createApp does; `conflict` where the port is taken
 */
export async function startBrowserHost({ folder, port, device }: BrowserHostOptions): Promise<BrowserHost> {
  const app = createApp({ folder, host: 'browser', device });
  const stopOutliving = outliveErrors(app.problem);
  const answer = createFetchHandler(app);
  let guarded: FetchHandler | null = null;
  const server = createServer(
    getRequestListener(
      async (request) => (guarded === null ? new Response(null, { status: 503 }) : guarded(request)),
      { overrideGlobalObjects: false },
    ),
  );
  try {
    const link = readLink(folder);
    const bound = await listenAgain(server, port, link?.port ?? null);
    const keys = link?.keys ?? createKeys();
    // A second host of the workspace leaves the first one's port to it.
    if (link === null || link.port === null || port !== 0) writeLink(folder, { port: bound, keys });
    const access = createAccess(`ccw-${bound}`, keys);
    guarded = guard(access, answer);
    return {
      url: `http://${address}:${bound}${access.entryPath}`,
      async close() {
        // Windows see how the jobs end before the server goes.
        await app.close();
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        });
        stopOutliving();
      },
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}

function guard(access: Access, answer: FetchHandler): FetchHandler {
  return async (request) => {
    const refused = access.check(request);
    return refused === null ? answer(request) : addSecurityHeaders(refused);
  };
}

/** On the port that was asked for; where none was, on the former one, so that an open window finds it again. */
async function listenAgain(server: Server, port: number, former: number | null): Promise<number> {
  if (port !== 0 || former === null) return listen(server, port);
  try {
    return await listen(server, former);
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return listen(server, 0);
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        taken
          ? new WorkbenchError(
              'conflict',
              `Port ${port} is taken: choose another with --port, or 0 for a free one.`,
              { port },
            )
          : error,
      );
    });
    server.listen(port, address, () => resolve((server.address() as AddressInfo).port));
  });
}
