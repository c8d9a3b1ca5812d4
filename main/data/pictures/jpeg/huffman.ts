/**
 * A Huffman table of a JPEG (ITU-T T.81, annex C and F.2.2.3) as decoding looks codes up: an entry has in its low 5 bits
 * how many bits the code takes, with those of the value behind it where they are only passed over, and above them what
 * it stands for; 0: no code.
 */
export interface HuffmanTable {
  /** By the next `fastBits` bits: codes that are no longer. */
  fast: Uint16Array;
  /** Of AC, by the next 16 bits: as many codes as are seen whole, up to the end of a block, and what they stand for together; 0 until addRun. */
  runs: Uint16Array;
  /** The longer ones: their greatest code of each length, in 16 bits, and where their entries are. */
  limits: Int32Array;
  offsets: Int32Array;
  entries: Uint16Array;
}

export const fastBits = 12;

/**
 * @param counts codes of 1 to 16 bits
 * @param toEntry what an entry says of a symbol whose code has so many bits; null: such a symbol is not known
 * @returns null where the codes do not fit their lengths, or a symbol is not known
 */
export function buildTable(
  counts: Uint8Array,
  symbols: Uint8Array,
  toEntry: (symbol: number, bits: number) => number | null,
): HuffmanTable | null {
  const fast = new Uint16Array(1 << fastBits);
  const entries = new Uint16Array(symbols.length);
  const limits = new Int32Array(17).fill(-1);
  const offsets = new Int32Array(17);
  let code = 0;
  let at = 0;
  for (let bits = 1; bits <= 16; bits += 1) {
    offsets[bits] = at - code;
    for (let one = 0; one < counts[bits - 1]!; one += 1) {
      const entry = toEntry(symbols[at]!, bits);
      // The code of ones alone stands for nothing.
      if (entry === null || code >= (1 << bits) - 1) return null;
      entries[at] = entry;
      if (bits <= fastBits) {
        const from = code << (fastBits - bits);
        fast.fill(entry, from, from + (1 << (fastBits - bits)));
      }
      code += 1;
      at += 1;
    }
    if (counts[bits - 1]! > 0) limits[bits] = (code << (16 - bits)) - 1;
    code <<= 1;
  }
  return { fast, runs: new Uint16Array(toEntry === acEntry ? 1 << 16 : 0), limits, offsets, entries };
}

/** Finds the codes of AC that 16 bits begin with, and keeps them. @returns 0 where the first is none */
export function addRun(table: HuffmanTable, bits16: number): number {
  let taken = 0;
  let advance = 0;
  while (advance < endOfBlock) {
    const entry = lookUp(table, (bits16 << taken) & 0xffff);
    const seen = taken + (entry & 31);
    const one = entry >>> 5;
    // The first may have a value that goes on behind the 16 bits; the others are seen whole, or not at all.
    if (entry === 0 || (taken > 0 && seen > 16)) break;
    // Without the end of a block it stays below what stands for that.
    if (one < endOfBlock && advance + one >= endOfBlock) break;
    taken = seen;
    advance += one;
  }
  const run = taken | (advance << 5);
  table.runs[bits16] = run;
  return run;
}

/** The entry of the code at the beginning of 16 bits; 0: there is none. */
export function lookUp({ fast, limits, offsets, entries }: HuffmanTable, bits16: number): number {
  const quick = fast[bits16 >>> (16 - fastBits)]!;
  if (quick !== 0) return quick;
  for (let bits = fastBits + 1; bits <= 16; bits += 1) {
    if (bits16 <= limits[bits]!) return entries[(bits16 >>> (16 - bits)) + offsets[bits]!] ?? 0;
  }
  return 0;
}

/** Of differences of DC: the bits of the code, and above them how many bits the difference has. */
export const dcEntry = (symbol: number, bits: number): number | null =>
  symbol > 11 ? null : bits | (symbol << 5);

/** The advance of an entry that ends a block. */
export const endOfBlock = 64;

/** Of AC: the bits of code and value, and above them by how many places of the block it goes on. */
export function acEntry(symbol: number, bits: number): number | null {
  if (symbol === 0x00) return bits | (endOfBlock << 5);
  if (symbol === 0xf0) return bits | (16 << 5);
  const size = symbol & 15;
  return size === 0 || size > 10 ? null : (bits + size) | (((symbol >> 4) + 1) << 5);
}
