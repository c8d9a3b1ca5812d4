import { WorkbenchError } from '#contract/errors.ts';
import { quote } from '../quote.ts';
import type { RandomAccessFile } from '../random-access-file.ts';

/** A member of a zip archive that lies in it as it is. */
export interface ZipMember {
  name: string;
  /** Where its bytes begin in the file. */
  start: number;
  bytes: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locatorSignature = 0x07064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const locatorBytes = 20;
const entryBytes = 46;
const localBytes = 30;
const largestDirectoryBytes = 64 << 20;
const largestMembers = 200_000;
/** In a field of 16 or 32 bits: the value stands in the entry's 64-bit extra. */
const elsewhere16 = 0xffff;
const elsewhere32 = 0xffffffff;

/**
 * The members of a zip archive (APPNOTE 6.3.10, with its 64-bit parts), by name. PyTorch compresses nothing, so a
 * member here is a range of the file; compressed members are left out, as are those of no bytes' worth (folders).
 * Ranges outside the file, overlapping ones and names that come twice are refused.
 * @throws WorkbenchError `corrupt-file`, naming the file and what is wrong
 */
export function readZipDirectory(file: RandomAccessFile): Map<string, ZipMember> {
  const refuse = (reason: string) =>
    new WorkbenchError('corrupt-file', `${file.path} is not a whole PyTorch file: ${reason}.`, {
      path: file.path,
      reason,
    });
  const { start, bytes, count } = findDirectory(file, refuse);
  if (bytes > largestDirectoryBytes || count > largestMembers) {
    throw refuse(`its directory claims ${count} members in ${bytes} bytes`);
  }
  const directory = Buffer.from(file.read(start, bytes).buffer);
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + entryBytes > bytes || directory.readUInt32LE(at) !== entrySignature) {
      throw refuse(`its directory breaks off after ${index} of ${count} members`);
    }
    const next =
      at +
      entryBytes +
      directory.readUInt16LE(at + 28) +
      directory.readUInt16LE(at + 30) +
      directory.readUInt16LE(at + 32);
    if (next > bytes) throw refuse(`its directory breaks off after ${index} of ${count} members`);
    const entry = readEntry(directory, at);
    if (members.has(entry.name)) throw refuse(`${quote(entry.name)} stands in it twice`);
    if (entry.plain) members.set(entry.name, locate(file, entry, refuse));
    at = next;
  }
  checkOverlaps([...members.values()], refuse);
  return members;
}

type Refuse = (reason: string) => WorkbenchError;

interface Entry {
  name: string;
  plain: boolean;
  bytes: number;
  /** Of its local header. */
  place: number;
}

function findDirectory(
  file: RandomAccessFile,
  refuse: Refuse,
): { start: number; bytes: number; count: number } {
  const length = Math.min(file.bytes, endBytes + 0xffff);
  const tail = Buffer.from(file.read(file.bytes - length, length).buffer);
  for (let at = length - endBytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== endSignature || tail.readUInt16LE(at + 20) !== length - at - endBytes)
      continue;
    const count = tail.readUInt16LE(at + 10);
    const bytes = tail.readUInt32LE(at + 12);
    const start = tail.readUInt32LE(at + 16);
    if (count !== elsewhere16 && bytes !== elsewhere32 && start !== elsewhere32)
      return { start, bytes, count };
    return findDirectory64(file, file.bytes - length + at, refuse);
  }
  throw refuse('it is cut off: the directory at the end of the archive is missing');
}

function findDirectory64(
  file: RandomAccessFile,
  end: number,
  refuse: Refuse,
): { start: number; bytes: number; count: number } {
  const locator = end < locatorBytes ? null : Buffer.from(file.read(end - locatorBytes, locatorBytes).buffer);
  if (locator?.readUInt32LE(0) !== locatorSignature) throw refuse('its 64-bit directory is missing');
  const record = Buffer.from(file.read(Number(locator.readBigUInt64LE(8)), 56).buffer);
  if (record.readUInt32LE(0) !== end64Signature) throw refuse('its 64-bit directory is missing');
  return {
    count: Number(record.readBigUInt64LE(32)),
    bytes: Number(record.readBigUInt64LE(40)),
    start: Number(record.readBigUInt64LE(48)),
  };
}

function readEntry(directory: Buffer, at: number): Entry {
  const nameLength = directory.readUInt16LE(at + 28);
  const extraLength = directory.readUInt16LE(at + 30);
  const name = directory.toString('utf8', at + entryBytes, at + entryBytes + nameLength);
  const extra = directory.subarray(at + entryBytes + nameLength, at + entryBytes + nameLength + extraLength);
  const method = directory.readUInt16LE(at + 10);
  const encrypted = (directory.readUInt16LE(at + 8) & 1) !== 0;
  let wide = findWide(extra);
  /** Wide values stand in the extra in the order of the fields that point to it. */
  const widen = (value: number) => {
    if (value !== elsewhere32 || wide.length < 8) return value;
    const found = Number(wide.readBigUInt64LE(0));
    wide = wide.subarray(8);
    return found;
  };
  const bytes = widen(directory.readUInt32LE(at + 24));
  const stored = widen(directory.readUInt32LE(at + 20));
  const place = widen(directory.readUInt32LE(at + 42));
  return { name, plain: method === 0 && !encrypted && stored === bytes, bytes, place };
}

function findWide(extra: Buffer): Buffer {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  return Buffer.alloc(0);
}

function locate(file: RandomAccessFile, { name, bytes, place }: Entry, refuse: Refuse): ZipMember {
  const shown = quote(name);
  if (place + localBytes > file.bytes) throw refuse(`member ${shown} lies outside the file`);
  const header = Buffer.from(file.read(place, localBytes).buffer);
  if (header.readUInt32LE(0) !== localSignature) throw refuse(`member ${shown} has no header`);
  const start = place + localBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + bytes > file.bytes) throw refuse(`member ${shown} of ${bytes} bytes lies outside the file`);
  return { name, start, bytes };
}

function checkOverlaps(members: ZipMember[], refuse: Refuse): void {
  let end = 0;
  for (const { name, start, bytes } of members
    .filter((one) => one.bytes > 0)
    .sort((a, b) => a.start - b.start)) {
    if (start < end) throw refuse(`member ${quote(name)} overlaps another`);
    end = start + bytes;
  }
}
