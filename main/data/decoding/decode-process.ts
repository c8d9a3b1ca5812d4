import sharp from 'sharp';
import { toWireError } from '#contract/errors.ts';
import type { DecodeAnswer, DecodeRequest } from './decode-task.ts';
import { perform } from './make-of-picture.ts';

// One of the processes of decode-pool.ts. It keeps nothing, so it may be killed at any moment.

/** At once, whatever its threads are at: a plain exit would wait for a decoder that hangs. */
const end = () => process.kill(process.pid, 'SIGKILL');
process.on('disconnect', end);
if (process.connected === false) end();
// A terminal sends these to the whole group: the program above decides what they mean.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

// There are as many processes as cores, and no picture is decoded twice.
sharp.concurrency(1);
sharp.cache(false);

process.on('message', (message) => {
  const { id, task } = message as DecodeRequest;
  const answer = (content: DecodeAnswer) => {
    if (process.connected) process.send?.(content);
  };
  perform(task).then(
    (made) => answer({ id, made }),
    (error: unknown) => answer({ id, error: toWireError(error) }),
  );
});
process.send?.({ ready: true } satisfies DecodeAnswer);
