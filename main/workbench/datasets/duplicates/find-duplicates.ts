import { setImmediate } from 'node:timers/promises';
import { WorkbenchError } from '#contract/errors.ts';
import { lookHashBytes, looksNear } from '#core/pixels/look.ts';
import { nearPairs } from '#core/pixels/near-pairs.ts';
import { type FoundGroup, iteratePictures, readLooks, storeDuplicates } from '#db/datasets/duplicates.ts';
import type { Database } from '#db/open.ts';

/** Pairs whose looks are compared at once. */
const pairsAtOnce = 5_000;

/**
 * Finds pictures of a dataset (its number) that have the same pixels or look nearly the same, and keeps the groups.
 * Pictures whose look is not worked out have exact duplicates only.
 * @throws WorkbenchError `cancelled`
 */
export async function findDuplicates(db: Database, dataset: number, signal?: AbortSignal): Promise<void> {
  const pictures = readPictures(db, dataset);
  const groups = joinPairs(pictures.records.length);
  const firstOf = new Map<string, number>();
  const different: number[] = [];
  for (const [place, sha256] of pictures.hashes.entries()) {
    const first = firstOf.get(sha256);
    if (first !== undefined) groups.join(first, place);
    else {
      firstOf.set(sha256, place);
      if (pictures.looked[place] === 1) different.push(place);
    }
  }
  for await (const [a, b] of findNear(db, pictures, different, signal)) groups.join(a, b);
  storeDuplicates(db, dataset, describeGroups(pictures, groups.list()));
}

interface Pictures {
  records: number[];
  isTraining: boolean[];
  /** SHA-256 as latin1 text of 32 bytes: a third of what hex takes. */
  hashes: string[];
  /** 1 where the look is known. */
  looked: Uint8Array;
  /** Hashes of looks, four numbers each. */
  words: Uint32Array;
}

function readPictures(db: Database, dataset: number): Pictures {
  const records: number[] = [];
  const isTraining: boolean[] = [];
  const hashes: string[] = [];
  const looks: (Uint8Array | null)[] = [];
  for (const { record, split, sha256, look } of iteratePictures(db, dataset)) {
    if (sha256 === null) continue;
    records.push(record);
    isTraining.push(split === 'train');
    hashes.push(Buffer.from(sha256, 'hex').toString('latin1'));
    looks.push(look === null ? null : Uint8Array.from(look.subarray(0, lookHashBytes)));
  }
  const looked = Uint8Array.from(looks, (look) => Number(look !== null));
  const words = new Uint32Array(4 * looks.length);
  for (const [place, look] of looks.entries()) {
    if (look !== null) words.set(new Uint32Array(look.buffer), 4 * place);
  }
  return { records, isTraining, hashes, looked, words };
}

/** Pairs of places whose pictures look nearly the same. */
async function* findNear(
  db: Database,
  { records, words }: Pictures,
  different: readonly number[],
  signal: AbortSignal | undefined,
): AsyncGenerator<[number, number], void> {
  const hashes = new Uint32Array(4 * different.length);
  for (const [at, place] of different.entries()) hashes.set(words.subarray(4 * place, 4 * place + 4), 4 * at);
  let pairs: [number, number][] = [];
  function* compare(): Generator<[number, number], void> {
    const looks = readLooks(
      db,
      pairs.flat().map((place) => records[place]!),
    );
    for (const [a, b] of pairs) {
      const [one, other] = [looks.get(records[a]!), looks.get(records[b]!)];
      if (one !== undefined && other !== undefined && looksNear(one, other)) yield [a, b];
    }
    pairs = [];
  }
  for (const [a, b] of nearPairs(hashes)) {
    pairs.push([different[a]!, different[b]!]);
    if (pairs.length < pairsAtOnce) continue;
    if (signal?.aborted) throw new WorkbenchError('cancelled', 'The search was stopped.');
    await setImmediate();
    yield* compare();
  }
  yield* compare();
}

/** Groups of places that pairs connect (union-find). */
function joinPairs(count: number) {
  const parents = Uint32Array.from({ length: count }, (_, place) => place);
  const rootOf = (place: number): number => {
    let root = place;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = place; at !== root; ) {
      const next = parents[at]!;
      parents[at] = root;
      at = next;
    }
    return root;
  };
  return {
    join(a: number, b: number) {
      const [one, other] = [rootOf(a), rootOf(b)];
      if (one < other) parents[other] = one;
      else parents[one] = other;
    },
    /** Groups of two and more, by their first place. */
    list(): number[][] {
      const groups = new Map<number, number[]>();
      for (let place = 0; place < count; place += 1) {
        const root = rootOf(place);
        if (root === place) continue;
        const group = groups.get(root);
        if (group === undefined) groups.set(root, [root, place]);
        else group.push(place);
      }
      return [...groups.values()].sort(([a], [b]) => a! - b!);
    },
  };
}

function describeGroups(
  { records, isTraining, hashes }: Pictures,
  groups: readonly number[][],
): FoundGroup[] {
  return groups.map((places) => {
    const training = places.filter((place) => isTraining[place]).length;
    return {
      kind: places.every((place) => hashes[place] === hashes[places[0]!]) ? 'exact' : 'near',
      leak: training > 0 && training < places.length,
      records: places.map((place) => records[place]!),
    };
  });
}
