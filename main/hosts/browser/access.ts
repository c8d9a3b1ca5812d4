import { randomBytes, timingSafeEqual } from 'node:crypto';
import { linkPage, linkPagePolicy } from './link-page.ts';

/** Who may ask: decided before a request reaches the workbench. */
export interface Access {
  /** The link's path with its token; it stays valid as long as the keys. */
  readonly entryPath: string;
  /** An answer that ends the request (the link's redirect, or a refusal), or null where it may go on. */
  check(request: Request): Response | null;
}

/** The secrets of a host: who has the link's token gets the session, which each request brings as a cookie. */
export interface AccessKeys {
  readonly token: string;
  readonly session: string;
}

export function createKeys(): AccessKeys {
  const secret = () => randomBytes(32).toString('base64url');
  return { token: secret(), session: secret() };
}

const entry = '/enter';
const noStore = { 'Cache-Control': 'no-store' } as const;
const noEntry = 'Open the link that the program printed: it holds the key to this page.';

/**
 * Access for the person who has the link: its token sets a cookie, and every other request must bring that cookie, a
 * Host that is a loopback name (on any port, so that a tunnel works; this defeats DNS rebinding) and, where the
 * browser says where it comes from, this very origin.
 * @param cookieName names differ between hosts: cookies do not know ports
 */
export function createAccess(cookieName: string, { token, session }: AccessKeys): Access {
  return {
    entryPath: `${entry}?token=${token}`,
    check(request) {
      const host = request.headers.get('Host') ?? '';
      if (!isLoopback(host)) {
        return refuse('This address is not one of this machine: use 127.0.0.1 or localhost.');
      }
      const url = new URL(request.url);
      if (url.pathname === entry && request.method === 'GET') {
        const pasted = addressOf(url.searchParams.get('link'));
        if (pasted !== null)
          return new Response(null, { status: 303, headers: { Location: pasted, ...noStore } });
        if (!sameSecret(url.searchParams.get('token'), token)) return askForLink(request);
        return admit(request, `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`);
      }
      if (!isSameOrigin(request, host)) return refuse('Another page asked for this: it was refused.');
      if (!sameSecret(readCookie(request, cookieName), session)) return askForLink(request);
      return null;
    },
  };
}

/** Whether a Host header names this machine itself: localhost, 127.0.0.0/8 or ::1, on any port. */
export function isLoopback(host: string): boolean {
  const name = /^(\[[0-9a-f:]+\]|[^:[\]]+)(:\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
  if (name === undefined) return false;
  if (name === 'localhost' || name === '[::1]') return true;
  const bytes = /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(name)?.slice(1);
  return bytes?.every((byte) => Number(byte) <= 255) ?? false;
}

function admit(request: Request, cookie: string): Response {
  const site = request.headers.get('Sec-Fetch-Site');
  if (site === null || site === 'none' || site === 'same-origin') {
    return new Response(null, { status: 303, headers: { Location: '/', 'Set-Cookie': cookie, ...noStore } });
  }
  // A click on another site's page: a strict cookie is not sent along with such a redirect, but from our own page it is.
  const page =
    '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/"><a href="/">Open</a>';
  return new Response(page, {
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Set-Cookie': cookie, ...noStore },
  });
}

/** Where a pasted link leads, if it is one of this machine's; null else. */
function addressOf(pasted: string | null): string | null {
  const url = pasted === null ? null : URL.parse(pasted.trim());
  if (url === null || url.protocol !== 'http:' || url.pathname !== entry || !isLoopback(url.host))
    return null;
  const token = url.searchParams.get('token');
  return token === null ? null : `http://${url.host}${entry}?token=${encodeURIComponent(token)}`;
}

/** A person gets a page that takes the link, a program a sentence. */
function askForLink(request: Request): Response {
  if (request.method !== 'GET' || !(request.headers.get('Accept') ?? '').includes('text/html'))
    return refuse(noEntry);
  return new Response(linkPage, {
    status: 403,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': linkPagePolicy,
      ...noStore,
    },
  });
}

function refuse(message: string): Response {
  return new Response(`${message}\n`, {
    status: 403,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...noStore },
  });
}

/** A page of another port has another origin, though browsers count it to the same site. */
function isSameOrigin(request: Request, host: string): boolean {
  const origin = request.headers.get('Origin');
  if (origin !== null && origin !== `http://${host}`) return false;
  const site = request.headers.get('Sec-Fetch-Site');
  if (site === null || site === 'same-origin' || site === 'none') return true;
  // A link elsewhere that opens one of our screens does no harm.
  return request.method === 'GET' && request.headers.get('Sec-Fetch-Mode') === 'navigate';
}

function readCookie(request: Request, name: string): string | null {
  for (const part of (request.headers.get('Cookie') ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return null;
}

function sameSecret(given: string | null, secret: string): boolean {
  if (given === null) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
