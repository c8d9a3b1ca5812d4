import { config } from 'zod/v4/core';

/** The hosts’ content security policy forbids eval; zod would try it and the browser would report each try. */
config({ jitless: true });
