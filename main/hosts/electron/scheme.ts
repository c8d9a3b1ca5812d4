import { protocol } from 'electron';
import type { FetchHandler } from '#main/api/http/fetch-handler.ts';
import { addSecurityHeaders } from '#main/api/http/security-headers.ts';

const scheme = 'ccw';

/** The window's only origin. */
export const windowOrigin = `${scheme}://app`;

/** Makes the private scheme like https to pages. Call it before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Answers the scheme with the workbench; only our own pages can ask, since no other page is ever opened. */
export function serveScheme(answer: FetchHandler): void {
  protocol.handle(scheme, async (request) => {
    if (!isOurs(request.url) || !comesFromUs(request)) {
      return addSecurityHeaders(new Response('Refused.\n', { status: 403 }));
    }
    return answer(request);
  });
}

/** Whether an address belongs to the window. */
export function isOurs(address: string): boolean {
  // Not URL.origin: Node gives 'null' for schemes that it does not know.
  return address === windowOrigin || address.startsWith(`${windowOrigin}/`);
}

function comesFromUs(request: Request): boolean {
  const origin = request.headers.get('Origin');
  return origin === null || origin === windowOrigin;
}
