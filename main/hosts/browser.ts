import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { WorkbenchError } from '#contract/errors.ts';
import type { BackendName } from '#contract/run.ts';
import { createApp } from '#main/api/app.ts';
import { createFetchHandler, type FetchHandler } from '#main/api/http/fetch-handler.ts';
import { addSecurityHeaders } from '#main/api/http/security-headers.ts';
import { type Access, createAccess } from './browser/access.ts';

/** Nothing outside this machine can reach it. */
const address = '127.0.0.1';

export interface BrowserHost {
  /** The link with the secret token; valid while the host runs. */
  readonly url: string;
  /** Stops what runs (a run with a checkpoint), then the server, and closes the workspace. */
  close(): Promise<void>;
}

export interface BrowserHostOptions {
  /** The workspace's folder. */
  folder: string;
  /** 0 takes a free one. */
  port: number;
  /** See AppOptions. */
  backend: BackendName | null;
}

/**
 * Serves the workbench to browsers on this machine.
 * @throws WorkbenchError as createApp does; `conflict` where the port is taken
 */
export async function startBrowserHost({ folder, port, backend }: BrowserHostOptions): Promise<BrowserHost> {
  const app = createApp({ folder, host: 'browser', backend });
  const answer = createFetchHandler(app);
  let guarded: FetchHandler | null = null;
  const server = createServer(
    getRequestListener(
      async (request) => (guarded === null ? new Response(null, { status: 503 }) : guarded(request)),
      { overrideGlobalObjects: false },
    ),
  );
  try {
    const bound = await listen(server, port);
    const access = createAccess(`ccw-${bound}`);
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
