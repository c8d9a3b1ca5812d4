import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';

// Signatures and layouts: APPNOTE.TXT 6.3.10 (PKWARE), sections 4.3 and 4.5.3.
const endSignature = 0x06054b50;
const end64LocatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const longestComment = 0xffff;
const zip64ExtraId = 0x0001;
const encryptedFlag = 1;
const stored = 0;
const deflated = 8;
const chunkBytes = 1 << 20;

/** The archive is damaged or of a kind that is not read here. */
export class ArchiveError extends Error {
  constructor(file, reason) {
    super(`${file}: ${reason}`);
    this.name = 'ArchiveError';
  }
}

/**
 * Lists a zip archive's entries, zip64 ones included.
 * @returns name, method, crc, compressedBytes, bytes and headerOffset of each, in the archive's order
 * @throws ArchiveError where the archive is truncated or damaged
 */
export async function listEntries(file) {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const { count, offset, bytes } = await readEnd(handle, file, size);
    if (offset + bytes > size) throw new ArchiveError(file, 'its directory lies outside the file');
    const directory = await readAt(handle, file, offset, bytes);
    return parseDirectory(directory, count, file);
  } finally {
    await handle.close();
  }
}

/**
 * Unpacks one entry into `target`, checking its length and CRC-32 and waiting until the disk has it.
 * `onBytes` is called with the number of bytes written so far.
 * @throws ArchiveError where the entry is damaged; what was written stays, so unpack into a folder to throw away
 */
export async function extractEntry(file, entry, target, { abort, onBytes } = {}) {
  const start = await findData(file, entry);
  const source =
    entry.compressedBytes === 0
      ? [Buffer.alloc(0)]
      : fs.createReadStream(file, {
          start,
          end: start + entry.compressedBytes - 1,
          highWaterMark: chunkBytes,
        });
  let crc = 0;
  let bytes = 0;
  const meter = new Transform({
    transform(chunk, _encoding, done) {
      crc = zlib.crc32(chunk, crc);
      bytes += chunk.length;
      onBytes?.(bytes);
      done(null, chunk);
    },
  });
  const inflate = entry.method === deflated ? [zlib.createInflateRaw({ chunkSize: chunkBytes })] : [];
  try {
    await pipeline(source, ...inflate, meter, fs.createWriteStream(target, { flush: true }), {
      signal: abort,
    });
  } catch (error) {
    if (!/^(Z_|ERR_BUFFER|ERR_ZLIB)/.test(error.code ?? '')) throw error;
    throw new ArchiveError(file, `${entry.name} is damaged (${error.message})`);
  }
  if (bytes !== entry.bytes) {
    throw new ArchiveError(file, `${entry.name} has ${bytes} bytes instead of ${entry.bytes}`);
  }
  if (crc !== entry.crc) throw new ArchiveError(file, `${entry.name} is damaged (its checksum differs)`);
}

async function readEnd(handle, file, size) {
  const tailBytes = Math.min(size, endBytes + longestComment);
  const tailStart = size - tailBytes;
  const tail = await readAt(handle, file, tailStart, tailBytes);
  let at = tailBytes - endBytes;
  while (at >= 0 && tail.readUInt32LE(at) !== endSignature) at--;
  if (at < 0) throw new ArchiveError(file, 'no zip archive, or cut off at its end');
  const locatorAt = at - 20;
  if (locatorAt >= 0 && tail.readUInt32LE(locatorAt) === end64LocatorSignature) {
    const offset = readBigNumber(tail, locatorAt + 8);
    const end64 = await readAt(handle, file, offset, 56);
    if (end64.readUInt32LE(0) !== end64Signature) throw new ArchiveError(file, 'its zip64 end is damaged');
    return {
      count: readBigNumber(end64, 32),
      bytes: readBigNumber(end64, 40),
      offset: readBigNumber(end64, 48),
    };
  }
  return {
    count: tail.readUInt16LE(at + 10),
    bytes: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
}

function parseDirectory(directory, count, file) {
  const entries = [];
  let at = 0;
  while (entries.length < count) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== entrySignature) {
      throw new ArchiveError(file, `its directory is damaged after ${entries.length} of ${count} entries`);
    }
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30);
    const commentBytes = directory.readUInt16LE(at + 32);
    const name = directory.toString('utf8', at + 46, at + 46 + nameBytes);
    const method = directory.readUInt16LE(at + 10);
    const encrypted = (directory.readUInt16LE(at + 8) & encryptedFlag) !== 0;
    const extra = directory.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes);
    const [bytes, compressedBytes, headerOffset] = readZip64(extra, [
      directory.readUInt32LE(at + 24),
      directory.readUInt32LE(at + 20),
      directory.readUInt32LE(at + 42),
    ]);
    const crc = directory.readUInt32LE(at + 16);
    entries.push({ name, method, encrypted, crc, bytes, compressedBytes, headerOffset });
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

/** Numbers of all ones stand for 64-bit ones in the extra field, in this order. */
function readZip64(extra, numbers) {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== zip64ExtraId) continue;
    let next = at + 4;
    return numbers.map((number) => {
      if (number !== 0xffffffff) return number;
      next += 8;
      return readBigNumber(extra, next - 8);
    });
  }
  return numbers;
}

async function findData(file, entry) {
  if (entry.encrypted) throw new ArchiveError(file, `${entry.name} is encrypted`);
  if (entry.method !== stored && entry.method !== deflated) {
    throw new ArchiveError(file, `${entry.name} is packed by method ${entry.method}, which is not read here`);
  }
  const handle = await open(file, 'r');
  try {
    const header = await readAt(handle, file, entry.headerOffset, 30);
    if (header.readUInt32LE(0) !== localSignature)
      throw new ArchiveError(file, `${entry.name} is not where it should be`);
    return entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await handle.close();
  }
}

async function readAt(handle, file, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  if (bytesRead < length) throw new ArchiveError(file, 'cut off');
  return buffer;
}

function readBigNumber(buffer, at) {
  return Number(buffer.readBigUInt64LE(at));
}
