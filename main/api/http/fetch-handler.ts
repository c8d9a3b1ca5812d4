import { fileURLToPath } from 'node:url';
import { onError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/fetch';
import { Hono } from 'hono';
import { untilWritable } from '#main/workbench/until-writable.ts';
import type { App } from '../app.ts';
import { statusOf, toApiError } from '../errors.ts';
import { createRouter } from '../router.ts';
import { isWriting } from '../writing-calls.ts';
import { addMediaRoutes } from './media.ts';
import { securityHeaders } from './security-headers.ts';
import { addStaticRoutes } from './static-files.ts';

const rendererFolder = fileURLToPath(new URL('../../../dist/renderer', import.meta.url));

/** The largest call has a trigger with two pictures of 1024 x 1024 pixels in its parameters. */
const largestBodyBytes = 16 * 1024 ** 2;

/** A window waits as long as this for another program's write. */
const windowPatienceMs = 10_000;

export type FetchHandler = (request: Request) => Promise<Response>;

/**
 * The whole workbench as one function from request to response: /rpc/ are the calls of contract/api/api.ts, /media/
 * the pictures, all else the window. It checks no one's right to ask: that is the host's.
 * @param files folder of the built window
 */
export function createFetchHandler(app: App, files: string = rendererFolder): FetchHandler {
  const rpc = new RPCHandler(createRouter(app), {
    clientInterceptors: [
      onError((error) => {
        const apiError = toApiError(error);
        if (apiError.data.kind === 'internal') process.stderr.write(`${describe(error)}\n`);
        throw apiError;
      }),
      async ({ next, path }) => {
        if (isWriting(path)) await untilWritable(app.workspace, windowPatienceMs);
        return next();
      },
    ],
  });
  const hono = new Hono();
  hono.use(securityHeaders);
  hono.all('/rpc/*', async (context) => {
    // Browsers say how long a body is before they send it; Node's server lets it be no longer.
    if (Number(context.req.header('Content-Length') ?? 0) > largestBodyBytes) {
      return context.text('This call is too large.', 413);
    }
    if (context.req.header('Transfer-Encoding') !== undefined)
      return context.text('The request needs a Content-Length header.', 411);
    const { matched, response } = await rpc.handle(context.req.raw, { prefix: '/rpc' });
    return matched
      ? context.newResponse(response.body, response)
      : context.text('There is no such call.', 404);
  });
  addMediaRoutes(hono, app.workspace);
  addStaticRoutes(hono, files);
  hono.onError((error, context) => {
    const { status, wire } = statusOf(error);
    if (wire.kind === 'internal') process.stderr.write(`${describe(error)}\n`);
    return Response.json(wire, { status, headers: context.res.headers });
  });
  return async (request) => hono.fetch(request);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
