/** Draws triggers off the window's thread, by the code that training uses. */
import { toWireError } from '#contract/errors.ts';
import type { Picture } from '#core/pixels/picture.ts';
import type { TriggerAttack } from '#core/triggers/trigger-registry.ts';
import { readPixels } from './read-pixels.ts';
import { type CanvasPixels, toCanvasPixels } from './rgba.ts';
import type { Sample, WorkerAnswer, WorkerRequest } from './trigger-messages.ts';
import { drawOn, measurePicture, prepareGround, viewAsModel } from './trigger-tasks.ts';

/** Pictures kept decoded, and grounds kept at a resolution. */
const kept = 24;
const decoded = new Map<string, Promise<Picture>>();
const grounds = new Map<string, { ground: Picture; clean: CanvasPixels }>();

/** The value under a key, made where it is missing; the oldest makes room. */
function keep<T>(store: Map<string, T>, key: string, make: () => T): T {
  const known = store.get(key);
  if (known !== undefined) return known;
  const oldest = store.keys().next();
  if (store.size >= kept && oldest.done !== true) store.delete(oldest.value);
  const made = make();
  store.set(key, made);
  return made;
}

const middleGrey = 128;

function makeGrey(side: number): Picture {
  return { width: side, height: side, data: new Uint8Array(side * side * 3).fill(middleGrey) };
}

async function openPicture({ address }: Sample, attack: TriggerAttack): Promise<Picture> {
  if (address === null) return makeGrey(attack.resolution);
  const picture = keep(decoded, address, () => readPixels(address));
  picture.catch(() => decoded.delete(address));
  return picture;
}

async function openGround(sample: Sample, attack: TriggerAttack) {
  const picture = await openPicture(sample, attack);
  const order = attack.trigger.apply ?? 'after';
  const made = keep(grounds, `${sample.address}|${order}|${attack.resolution}`, () => {
    const ground = prepareGround(picture, attack);
    return { ground, clean: toCanvasPixels(ground) };
  });
  return { ...made, original: { width: picture.width, height: picture.height } };
}

async function work(request: WorkerRequest): Promise<WorkerAnswer> {
  const { sample, attack } = request;
  const { ground, clean, original } = await openGround(sample, attack);
  const begun = performance.now();
  const poisoned = drawOn(ground, attack, sample.key);
  if (request.kind === 'views') return { views: viewAsModel(ground, poisoned, request.modelResolution) };
  const measures = request.measure ? measurePicture(ground, poisoned) : null;
  // What is sent is gone from here.
  const sent = { ...clean, rgba: clean.rgba.slice() };
  const drawing = { clean: sent, poisoned: toCanvasPixels(poisoned), original, measures };
  return { drawing: { ...drawing, ms: performance.now() - begun } };
}

function buffersOf(answer: WorkerAnswer): ArrayBuffer[] {
  const pixels: CanvasPixels[] = [];
  if ('drawing' in answer) pixels.push(answer.drawing.clean, answer.drawing.poisoned);
  if ('views' in answer) {
    pixels.push(answer.views.clean, answer.views.poisoned);
    pixels.push(...answer.views.augmented.map((view) => view.pixels));
  }
  return pixels.map(({ rgba }) => rgba.buffer);
}

addEventListener('message', async ({ data }: MessageEvent<{ id: number; request: WorkerRequest }>) => {
  let answer: WorkerAnswer;
  try {
    answer = await work(data.request);
  } catch (thrown) {
    answer = { problem: toWireError(thrown) };
  }
  // The form with options is the one that a worker and a window share, so it needs no types of its own.
  postMessage({ id: data.id, answer }, { transfer: buffersOf(answer) });
});
