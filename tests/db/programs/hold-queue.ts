import { acquireQueueLock } from '#db/runs/queue-lock.ts';

const lock = acquireQueueLock(process.argv[2] ?? '');
console.log(lock === null ? 'refused' : 'held');
setInterval(() => lock, 60_000);
