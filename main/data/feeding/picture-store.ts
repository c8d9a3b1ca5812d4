import type { Attack, EngineRecord } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { PictureChange } from '#core/augment/picture-changes.ts';
import { mapInOrder, pictureConcurrency } from '../map-in-order.ts';
import { openKeptPictures, type PictureBudget } from './kept-pictures.ts';
import { openPictureWorkers, picturesAsked } from './picture-workers.ts';
import { type PictureTask, preparePicture } from './prepare-picture.ts';

/** Fewer than these are prepared on the thread that asks: starting others takes longer. */
const fewPictures = 64;

export interface PictureStoreOptions {
  records: readonly EngineRecord[];
  /** The triggers of poisoned records, by their part; readBoth lays the first on every record. */
  attacks: readonly Attack[];
  /** Pixels a side that the model takes. */
  resolution: number;
  /** Prepared pictures are kept so far; the others are decoded each time. Left out: none is kept. */
  keep?: PictureBudget;
  /** Told of each picture that has changed since the import, once; left out: the call that meets one fails. */
  onChanged?: (record: EngineRecord) => void;
}

/** Pictures as a model takes them, before normalisation: [n, resolution, resolution, 3], 8 bits. */
export interface PictureStore {
  /** By index into `records`; the poisoned ones carry the trigger. */
  read(indices: ArrayLike<number> & Iterable<number>): Promise<Uint8Array>;
  /** As read, each picture changed before it is brought to the resolution, by its own draw. Nothing is kept. */
  readChanged(
    indices: ArrayLike<number> & Iterable<number>,
    change: PictureChange,
    drawOf: (place: number) => (string | number)[],
  ): Promise<Uint8Array>;
  /** Each picture as it is, and with the trigger (null without an attack), from one decode. Nothing is kept. */
  readBoth(
    indices: ArrayLike<number> & Iterable<number>,
  ): Promise<{ clean: Uint8Array; triggered: Uint8Array | null }>;
  /** Ends its threads. */
  close(): Promise<void>;
}

/**
 * Opens the pictures of `records`: decoded, triggered and resized in threads of their own, with the same bytes as on
 * this one. A picture that cannot be read, or has changed since the import, makes the call fail: `not-found` or
 * `corrupt-file`, naming it. Poisoned records without an attack are `bad-input`.
 */
export function openPictureStore(options: PictureStoreOptions): PictureStore {
  const { records, attacks, resolution, onChanged } = options;
  const [attack = null] = attacks;
  const bytes = resolution * resolution * 3;
  const kept = openKeptPictures(bytes, records.length, options.keep ?? { memoryBytes: 0 });
  const attackOn = ({ part = 0 }: EngineRecord) => attacks[part] ?? null;
  const lost = records.find((record) => record.poisoned && attackOn(record) === null);
  if (lost !== undefined) {
    throw new WorkbenchError('bad-input', `${lost.key} is poisoned, but the job has no trigger.`, {
      key: lost.key,
    });
  }

  const workers = records.length < fewPictures ? null : openPictureWorkers({ attacks, resolution });
  const compared = new Set<number>();
  const prepare = async (
    index: number,
    versionsOf: (record: EngineRecord) => (number | null)[],
    change?: NonNullable<PictureTask['change']>,
  ) => {
    const record = records[index];
    if (record === undefined) throw new RangeError(`there is no record ${index} of ${records.length}`);
    const { key, image, sha256 } = record;
    // Once is enough: what is read later in the same job is very likely the same.
    const isNew = sha256 !== undefined && !compared.has(index);
    compared.add(index);
    const task: PictureTask = {
      record: { key, image, ...(isNew ? { sha256 } : {}) },
      versions: versionsOf(record),
      ...(change === undefined ? {} : { change }),
      ...(onChanged === undefined ? {} : { listChanged: true }),
    };
    const { pictures, changed } = await (workers === null
      ? preparePicture(task, { attacks, resolution })
      : workers.run(task));
    if (changed) onChanged?.(record);
    return pictures;
  };
  const asTrained = ({ poisoned, part = 0 }: EngineRecord) => [poisoned ? part : null];
  const cleanAndTriggered = () => (attack === null ? [null] : [null, 0]);

  /** Prepares what is wanted, many at once, and puts each where it goes. */
  const prepareAll = async (
    wanted: readonly { index: number; row: number }[],
    versionsOf: (record: EngineRecord) => (number | null)[],
    put: (pictures: Uint8Array[], place: { index: number; row: number }) => void | Promise<void>,
    changeOf?: (row: number) => NonNullable<PictureTask['change']>,
  ) => {
    const prepared = mapInOrder(
      wanted,
      workers === null ? pictureConcurrency : picturesAsked,
      async (place) => {
        await put(await prepare(place.index, versionsOf, changeOf?.(place.row)), place);
      },
    );
    for await (const _ of prepared);
  };
  const inRows = (indices: Iterable<number>) => Array.from(indices, (index, row) => ({ index, row }));

  return {
    async read(indices) {
      const out = new Uint8Array(indices.length * bytes);
      const places = inRows(indices);
      const found = await Promise.all(places.map(({ index, row }) => kept.copyTo(index, out, row * bytes)));
      const missing = places.filter((_, at) => !found[at]);
      await prepareAll(missing, asTrained, async ([pixels], { index, row }) => {
        out.set(pixels!, row * bytes);
        await kept.keep(index, pixels!);
      });
      return out;
    },

    async readChanged(indices, name, drawOf) {
      const out = new Uint8Array(indices.length * bytes);
      const put = ([pixels]: Uint8Array[], { row }: { row: number }) => out.set(pixels!, row * bytes);
      await prepareAll(inRows(indices), asTrained, put, (row) => ({ name, draw: drawOf(row) }));
      return out;
    },

    async readBoth(indices) {
      const clean = new Uint8Array(indices.length * bytes);
      const triggered = attack === null ? null : new Uint8Array(indices.length * bytes);
      await prepareAll(inRows(indices), cleanAndTriggered, ([plain, marked], { row }) => {
        clean.set(plain!, row * bytes);
        if (marked !== undefined) triggered?.set(marked, row * bytes);
      });
      return { clean, triggered };
    },

    async close() {
      await workers?.close();
      await kept.close();
    },
  };
}
