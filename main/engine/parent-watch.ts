import { parentPort } from 'node:worker_threads';
import { watchParents } from '#scripts/setup/watch-parents.mjs';

// The thread of end-with-parent.ts. Listening keeps it going.
parentPort?.on('message', () => {});
watchParents(1, () => process.kill(process.pid, 'SIGKILL'));
