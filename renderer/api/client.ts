import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { Api } from '#contract/api/api.ts';
import { isAbort, toProblem } from './problem.ts';

export type Client = ContractRouterClient<Api>;

const link = new RPCLink({
  url: new URL('/rpc', globalThis.location.href).href,
  interceptors: [
    async ({ next }) => {
      try {
        return await next();
      } catch (thrown) {
        throw isAbort(thrown) ? thrown : toProblem(thrown);
      }
    },
  ],
});

/** Every procedure of contract/api, called on the host that served this page. Errors are WorkbenchErrors. */
export const client: Client = createORPCClient(link);
