import type { Component, Headers } from './headers.ts';
import { addRun, endOfBlock, type HuffmanTable, lookUp } from './huffman.ts';

/** Mean levels of the blocks of 8 x 8 samples of a component, row by row, those of padding among them. */
export interface BlockMeans {
  blocksAcross: number;
  blocksDown: number;
  /** DC as it is coded, before its step. */
  dc: Int16Array;
}

/**
 * Decodes the scan of a JPEG to its last code; of the coefficients only DC is kept, the others are passed over.
 * @returns for each component its blocks; null where a code, a restart marker, a byte or the end is not as it should be
 */
export function readScan(bytes: Buffer, headers: Headers): BlockMeans[] | null {
  const parts = partsOf(bytes, headers);
  if (parts === null) return null;
  const { width, height, components, restartEvery } = headers;
  // A block takes a code for DC and one for AC at least; what has no data for that is given no memory.
  if ((width / 8) * (height / 8) > 4 * bytes.length) return null;
  const alone = components.length === 1;
  const most = (side: 'across' | 'down') => (alone ? 1 : Math.max(...components.map((one) => one[side])));
  const mcusAcross = Math.ceil(width / (8 * most('across')));
  const mcus = mcusAcross * Math.ceil(height / (8 * most('down')));
  const planes = components.map((component) =>
    createPlane(alone ? 1 : component.across, alone ? 1 : component.down, mcus, mcusAcross),
  );
  const perPart = restartEvery === 0 ? mcus : restartEvery;
  if (parts.ends.length !== Math.ceil(mcus / perPart)) return null;
  const { data, ends, length } = parts;
  let at = 0;
  for (const [part, end] of ends.entries()) {
    const last = Math.min(mcus, (part + 1) * perPart);
    const place = { first: part * perPart, last, mcusAcross, limit: 8 * length };
    const reached = readPart(data, at, components, planes, place);
    // The bits of the last byte that are not used are padding; a byte more or less is none.
    if (reached === null || (reached + 7) >> 3 !== end) return null;
    at = 8 * end;
  }
  return planes;
}

interface Plane extends BlockMeans {
  across: number;
  down: number;
}

function createPlane(across: number, down: number, mcus: number, mcusAcross: number): Plane {
  const blocksAcross = mcusAcross * across;
  const blocksDown = (mcus / mcusAcross) * down;
  return { across, down, blocksAcross, blocksDown, dc: new Int16Array(blocksAcross * blocksDown) };
}

/** MCUs of one part, from a place in bits. @returns the place behind them */
function readPart(
  data: Uint8Array,
  from: number,
  components: readonly Component[],
  planes: readonly Plane[],
  { first, last, mcusAcross, limit }: { first: number; last: number; mcusAcross: number; limit: number },
): number | null {
  const before = new Int32Array(components.length);
  let at = from;
  for (let mcu = first; mcu < last; mcu += 1) {
    const mcuRow = Math.floor(mcu / mcusAcross);
    const mcuColumn = mcu - mcuRow * mcusAcross;
    for (let one = 0; one < components.length; one += 1) {
      const { dc, ac } = components[one]!;
      const { across, down, blocksAcross, dc: means } = planes[one]!;
      for (let row = 0; row < down; row += 1) {
        for (let column = 0; column < across; column += 1) {
          const entry = lookUp(dc, bits16(data, at));
          if (entry === 0) return null;
          at += entry & 31;
          const size = entry >> 5;
          if (size > 0) {
            const value = bits16(data, at) >>> (16 - size);
            at += size;
            before[one]! += value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
          }
          means[(mcuRow * down + row) * blocksAcross + mcuColumn * across + column] = before[one]!;
          at = passAc(data, at, ac);
          if (at < 0 || at > limit) return null;
        }
      }
    }
  }
  return at;
}

/** Passes over the other coefficients of a block. @returns the place behind them; -1 where a code is none */
function passAc(data: Uint8Array, from: number, table: HuffmanTable): number {
  const { runs } = table;
  let at = from;
  let place = 1;
  while (place < 64) {
    const byte = at >>> 3;
    const bits =
      (((data[byte]! << 16) | (data[byte + 1]! << 8) | data[byte + 2]!) >>> (8 - (at & 7))) & 0xffff;
    const run = runs[bits]! || addRun(table, bits);
    const end = place + (run >>> 5);
    // Codes up to the end of the block, or to its last coefficient; else the block ends within them.
    if (end <= 64 || (run >>> 5 >= endOfBlock && end < 2 * endOfBlock)) {
      if (run === 0) return -1;
      place = end;
      at += run & 31;
      continue;
    }
    const code = lookUp(table, bits);
    const advance = code >>> 5;
    place += advance;
    at += code & 31;
    if (place > 64 && advance < endOfBlock) return -1;
  }
  return at;
}

/** 16 bits from a place in bits; behind the end there are zeros. */
function bits16(data: Uint8Array, at: number): number {
  const byte = at >>> 3;
  return (((data[byte]! << 16) | (data[byte + 1]! << 8) | data[byte + 2]!) >>> (8 - (at & 7))) & 0xffff;
}

/** Zeros behind the data, so that a block may be read beyond its end before that is seen: 64 codes of at most 26 bits. */
const spare = 512;

/** Taken for one picture after the other, up to a size. */
let scratch = new Uint8Array(2 ** 18);
const mostScratch = 2 ** 22;

/**
 * The data of a scan without the zeros that are stuffed behind 0xff, and where its parts between restart markers end; null
 * where another marker than the next restart or, at the end, EOI stands in it.
 */
function partsOf(
  bytes: Buffer,
  { dataAt }: Headers,
): { data: Uint8Array; ends: number[]; length: number } | null {
  const most = bytes.length - dataAt + spare;
  if (scratch.length < most || scratch.length > mostScratch) scratch = new Uint8Array(most);
  const data = scratch;
  const ends: number[] = [];
  let length = 0;
  for (let at = dataAt; ; ) {
    const next = bytes.indexOf(0xff, at);
    if (next < 0) return null;
    data.set(bytes.subarray(at, next), length);
    length += next - at;
    const marker = bytes[next + 1];
    at = next + 2;
    if (marker === 0) {
      data[length] = 0xff;
      length += 1;
    } else if (marker === 0xd9) {
      ends.push(length);
      data.fill(0, length, length + spare);
      return { data, ends, length };
    } else if (marker === 0xd0 + (ends.length & 7)) ends.push(length);
    else return null;
  }
}
