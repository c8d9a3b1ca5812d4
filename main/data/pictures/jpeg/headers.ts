import { acEntry, buildTable, dcEntry, type HuffmanTable } from './huffman.ts';

/** A component of the frame as its scan reads it. */
export interface Component {
  id: number;
  /** Sampling factors, across and down. */
  across: number;
  down: number;
  /** What DC is multiplied by. */
  dcStep: number;
  dc: HuffmanTable;
  ac: HuffmanTable;
}

/** What stands before the only scan of a sequential JPEG with Huffman codes and 8 bits. */
export interface Headers {
  width: number;
  height: number;
  /** One: grey. Three: Y, Cb, Cr. */
  components: Component[];
  /** MCUs between restart markers; 0: there are none. */
  restartEvery: number;
  /** Where the scan's data begins. */
  dataAt: number;
}

/** libjpeg's limit of a side. */
const maxSide = 65500;

interface Frame {
  width: number;
  height: number;
  parts: { id: number; across: number; down: number; table: number }[];
}

/**
 * The headers of a JPEG (ITU-T T.81, annex B); null where anything is not as a plain file has it: several scans,
 * progressive or arithmetic coding, other colours than grey and YCbCr, and whatever is damaged.
 */
export function readHeaders(bytes: Buffer): Headers | null {
  const dcSteps = new Map<number, number>();
  const tables = new Map<number, HuffmanTable>();
  let frame: Frame | null = null;
  let restartEvery = 0;
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1]!;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (bytes[at] !== 0xff || end > bytes.length || end < at + 4) return null;
    const content = bytes.subarray(at + 4, end);
    at = end;
    if (marker === 0xdb) {
      if (!readQuantisation(content, dcSteps)) return null;
    } else if (marker === 0xc4) {
      const written = tablesOf(content);
      if (written === null) return null;
      for (const [place, table] of written) tables.set(place, table);
    } else if (marker === 0xc0 || marker === 0xc1) {
      if (frame !== null) return null;
      frame = readFrame(content);
      if (frame === null) return null;
    } else if (marker === 0xdd) {
      if (content.length !== 2) return null;
      restartEvery = content.readUInt16BE(0);
    } else if (marker === 0xda) {
      const components = frame === null ? null : readScan(content, frame, dcSteps, tables);
      if (frame === null || components === null) return null;
      return { width: frame.width, height: frame.height, components, restartEvery, dataAt: at };
    } else if (marker === 0xee) {
      // Adobe's transform 1 is YCbCr; others are other colours.
      if (content.toString('latin1', 0, 5) === 'Adobe' && content[11] !== 1) return null;
    } else if (!(marker === 0xfe || (marker >= 0xe0 && marker <= 0xef))) return null;
  }
  return null;
}

/** DQT: of each table its first step. */
function readQuantisation(content: Buffer, dcSteps: Map<number, number>): boolean {
  let at = 0;
  while (at < content.length) {
    const [wide, id] = [content[at]! >> 4, content[at]! & 15];
    const length = 1 + (wide === 0 ? 64 : 128);
    if (wide > 1 || id > 3 || at + length > content.length) return false;
    dcSteps.set(id, wide === 0 ? content[at + 1]! : content.readUInt16BE(at + 1));
    at += length;
  }
  return true;
}

/** Tables by what is written of them, for encoders that write the same ones into every file. */
const known = new Map<string, ReadonlyMap<number, HuffmanTable> | null>();
const mostKnown = 16;

/** DHT: DC tables at 0 to 3, AC at 16 to 19; null where one is damaged. */
function tablesOf(content: Buffer): ReadonlyMap<number, HuffmanTable> | null {
  const written = content.toString('latin1');
  const found = known.get(written);
  if (found !== undefined) return found;
  const tables = buildTables(content);
  known.set(written, tables);
  if (known.size > mostKnown) known.delete(known.keys().next().value ?? '');
  return tables;
}

function buildTables(content: Buffer): ReadonlyMap<number, HuffmanTable> | null {
  const tables = new Map<number, HuffmanTable>();
  let at = 0;
  while (at < content.length) {
    const place = content[at]!;
    const counts = content.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if ((place & 0xec) !== 0 || counts.length < 16 || at + 17 + total > content.length) return null;
    const symbols = content.subarray(at + 17, at + 17 + total);
    const table = buildTable(counts, symbols, place < 16 ? dcEntry : acEntry);
    if (table === null) return null;
    tables.set(place, table);
    at += 17 + total;
  }
  return tables;
}

/** SOF0 and SOF1. */
function readFrame(content: Buffer): Frame | null {
  const count = content[5] ?? 0;
  if (content[0] !== 8 || (count !== 1 && count !== 3) || content.length !== 6 + 3 * count) return null;
  const [height, width] = [content.readUInt16BE(1), content.readUInt16BE(3)];
  const parts = Array.from({ length: count }, (_, part) => {
    const [id = 0, sampling = 0, table = 0] = content.subarray(6 + 3 * part);
    return { id, across: sampling >> 4, down: sampling & 15, table };
  });
  const most = (side: 'across' | 'down') => Math.max(...parts.map((part) => part[side]));
  const fits = parts.every(
    ({ across, down }) =>
      across > 0 && down > 0 && most('across') % across === 0 && most('down') % down === 0,
  );
  const isRgb = parts.map(({ id }) => String.fromCharCode(id)).join('') === 'RGB';
  const isSmall = most('across') <= 4 && most('down') <= 4 && width <= maxSide && height <= maxSide;
  return fits && !isRgb && isSmall && width > 0 && height > 0 ? { width, height, parts } : null;
}

/** SOS of all components, from the first to the last coefficient. */
function readScan(
  content: Buffer,
  { parts }: Frame,
  dcSteps: ReadonlyMap<number, number>,
  tables: ReadonlyMap<number, HuffmanTable>,
): Component[] | null {
  const [count, rest] = [content[0], content.subarray(1 + 2 * parts.length)];
  if (count !== parts.length || rest.length !== 3 || rest[0] !== 0 || rest[1] !== 63 || rest[2] !== 0)
    return null;
  const components: Component[] = [];
  for (const [part, { id, across, down, table }] of parts.entries()) {
    const [scanned, places = 0] = content.subarray(1 + 2 * part);
    const dcStep = dcSteps.get(table);
    const [dc, ac] = [tables.get(places >> 4), tables.get(16 + (places & 15))];
    if (scanned !== id || dcStep === undefined || dc === undefined || ac === undefined) return null;
    components.push({ id, across, down, dcStep, dc, ac });
  }
  // An MCU has ten blocks at most (B.2.3).
  const blocks = components.reduce((sum, { across, down }) => sum + across * down, 0);
  return components.length === 1 || blocks <= 10 ? components : null;
}
