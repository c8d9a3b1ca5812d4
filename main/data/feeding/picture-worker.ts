import { workerData } from 'node:worker_threads';
import { serveTasks } from '../threads/serve-tasks.ts';
import {
  type PictureTask,
  type Preparation,
  type PreparedPicture,
  preparePicture,
} from './prepare-picture.ts';

// One of the threads of picture-workers.ts.

/** While one is decoded, the files of the next are read. */
const picturesAtOnce = 4;

const preparation = workerData as Preparation;

serveTasks<PictureTask, PreparedPicture>(
  async (task) => {
    const { pictures, changed } = await preparePicture(task, preparation);
    return { pictures: pictures.map((pixels) => Uint8Array.from(pixels)), changed };
  },
  // Each is the only one in its memory.
  ({ pictures }) => pictures.map(({ buffer }) => buffer as ArrayBuffer),
  picturesAtOnce,
);
