import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { type WritablePickle, writePickle } from '../pickle/writer.ts';

/** Bytes of a storage, made when they are written: one at a time is in memory. */
export type WritableStorage = () => Uint8Array;

/** Storages begin at multiples of this, as PyTorch has them. */
const alignment = 64;

interface Written {
  name: Buffer;
  crc: number;
  bytes: number;
  place: number;
}

/**
 * Writes a file as torch.save does: a zip archive without compression, data.pkl and the storages under data/.
 * Written beside `path` first, so that a reader never sees half of it.
 */
export function writeTorch(
  path: string,
  value: WritablePickle,
  storages: ReadonlyMap<string, WritableStorage>,
): void {
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w');
  try {
    const archive = createArchive(file);
    archive.add('archive/data.pkl', writePickle(value));
    archive.add('archive/byteorder', Buffer.from('little'));
    for (const [key, read] of storages) archive.add(`archive/data/${key}`, read());
    archive.add('archive/version', Buffer.from('3\n'));
    archive.finish();
    fsyncSync(file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
}

function createArchive(file: number) {
  const written: Written[] = [];
  let position = 0;
  const put = (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length; )
      done += writeSync(file, bytes, done, Math.min(1 << 30, bytes.length - done));
    position += bytes.length;
  };
  return {
    add(member: string, data: Uint8Array) {
      const name = Buffer.from(member, 'utf8');
      const entry: Written = { name, crc: crc32(data), bytes: data.length, place: position };
      const start = position + 30 + name.length;
      // An extra field of so many bytes brings the data to a multiple of the alignment.
      const padding = 4 + ((alignment - ((start + 4) % alignment)) % alignment);
      const header = Buffer.alloc(30);
      header.writeUInt32LE(0x04034b50, 0);
      header.writeUInt16LE(20, 4);
      writeCommon(header, 14, entry);
      header.writeUInt16LE(name.length, 26);
      header.writeUInt16LE(padding, 28);
      const extra = Buffer.alloc(padding);
      extra.writeUInt16LE(0x4246, 0);
      extra.writeUInt16LE(padding - 4, 2);
      put(Buffer.concat([header, name, extra]));
      put(data);
      written.push(entry);
    },
    finish() {
      const start = position;
      for (const entry of written) {
        const header = Buffer.alloc(46);
        header.writeUInt32LE(0x02014b50, 0);
        header.writeUInt16LE(20, 4);
        header.writeUInt16LE(20, 6);
        writeCommon(header, 16, entry);
        header.writeUInt16LE(entry.name.length, 28);
        const wide = entry.place >= 0xffffffff;
        const extra = Buffer.alloc(wide ? 12 : 0);
        if (wide) {
          extra.writeUInt16LE(1, 0);
          extra.writeUInt16LE(8, 2);
          extra.writeBigUInt64LE(BigInt(entry.place), 4);
        }
        header.writeUInt16LE(extra.length, 30);
        header.writeUInt32LE(Math.min(entry.place, 0xffffffff), 42);
        put(Buffer.concat([header, entry.name, extra]));
      }
      put(endOfArchive(written.length, start, position - start));
    },
  };
}

function writeCommon(header: Buffer, at: number, { crc, bytes }: Written): void {
  header.writeUInt32LE(crc, at);
  header.writeUInt32LE(bytes, at + 4);
  header.writeUInt32LE(bytes, at + 8);
}

/** The ends of an archive, with the 64-bit one always, as PyTorch writes it. */
function endOfArchive(count: number, start: number, bytes: number): Buffer {
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(45, 12);
  end64.writeUInt16LE(45, 14);
  end64.writeBigUInt64LE(BigInt(count), 24);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(bytes), 40);
  end64.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(start + bytes), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(Math.min(bytes, 0xffffffff), 12);
  end.writeUInt32LE(Math.min(start, 0xffffffff), 16);
  return Buffer.concat([end64, locator, end]);
}
