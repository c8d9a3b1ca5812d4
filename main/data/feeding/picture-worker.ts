import { parentPort, workerData } from 'node:worker_threads';
import { toWireError, type WireError } from '#contract/errors.ts';
import {
  type PictureTask,
  type Preparation,
  type PreparedPicture,
  preparePicture,
} from './prepare-picture.ts';

// One of the threads of picture-workers.ts: prepares pictures one after another.

export interface WorkerRequest {
  id: number;
  task: PictureTask;
}

export type WorkerAnswer = { id: number } & (PreparedPicture | { error: WireError });

const preparation = workerData as Preparation;

parentPort?.on('message', ({ id, task }: WorkerRequest) => {
  void answer(id, task).then((message) => {
    // The pixels are handed over, not copied, where they are the only ones in their memory.
    const buffers = 'pictures' in message ? message.pictures.map(({ buffer }) => buffer as ArrayBuffer) : [];
    parentPort?.postMessage(message, [...new Set(buffers)]);
  });
});

async function answer(id: number, task: PictureTask): Promise<WorkerAnswer> {
  try {
    const { pictures, changed } = await preparePicture(task, preparation);
    return { id, pictures: pictures.map((pixels) => Uint8Array.from(pixels)), changed };
  } catch (error) {
    return { id, error: toWireError(error) };
  }
}
