import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import type { Api } from '#contract/api/api.ts';
import type { WorkspaceEvent } from '#contract/api/workspace.ts';
import { collect, startCli } from './run-cli.ts';

export type Client = ContractRouterClient<Api>;

/** `ccw serve` as a program of its own. */
export interface ServedHost {
  url: string;
  /** Scheme, address and port. */
  origin: string;
  port: number;
  child: ChildProcess;
  /** Ends it with SIGTERM and gives its exit code. */
  stop(): Promise<number | null>;
}

export async function serve(folder: string): Promise<ServedHost> {
  const child = startCli(folder, ['serve', '--port', '0', '--no-open']);
  let tell: (line: string) => void = () => {};
  const line = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const ended = collect(child, (printed) => tell(printed));
  const first = await Promise.race([
    line,
    ended.then(({ stderr }) => {
      throw new Error(`ccw serve ended: ${stderr}`);
    }),
  ]);
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(first));
  const { origin, port } = new URL(url);
  return {
    url,
    origin,
    port: Number(port),
    child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      return (await ended).code;
    },
  };
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** The whole answer to a GET of exactly this path, which no client has made simpler. */
export async function askRaw({ port }: ServedHost, path: string, cookie: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
  );
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8')) answer += chunk;
  return answer;
}

/** A request with exactly these headers, Host included, which fetch does not allow. */
export function ask(
  host: ServedHost,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port: host.port, path, method, headers },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    request.on('error', reject);
    request.end();
  });
}

/** The cookie that the link sets, as `name=value`. */
export async function enter(host: ServedHost): Promise<string> {
  const { headers } = await ask(host, host.url.slice(host.origin.length));
  return (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}

/** The same typed client as the window's. */
export function createClient(host: ServedHost, cookie: string): Client {
  return createORPCClient(new RPCLink({ url: `${host.origin}/rpc`, headers: { Cookie: cookie } }));
}

/** Collects a client's news until `done` says so. */
export async function watchUntil(
  client: Client,
  done: (event: WorkspaceEvent) => boolean,
): Promise<WorkspaceEvent[]> {
  const seen: WorkspaceEvent[] = [];
  for (;;) {
    for await (const event of await client.workspace.watch()) {
      seen.push(event);
      if (done(event)) return seen;
    }
  }
}
