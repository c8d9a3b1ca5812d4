import { readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { WorkbenchError } from '#contract/errors.ts';
import { openRegularFile } from '../files/open-regular-file.ts';

const block = 512;

/** Read at once: what lies between headers is jumped over, but those of very small members come together. */
const windowBytes = 4096;

/** Reading goes on so long before other work has its turn. */
const unbrokenMs = 10;

export interface TarMember {
  name: string;
  /** Where its bytes begin in the archive. */
  offset: number;
  bytes: number;
  /** It is a link without bytes of its own, to this. */
  link?: string;
}

/**
 * The regular files and links of a tar archive in their order (POSIX ustar and pax, GNU long names); their bytes are not
 * read.
 * @throws WorkbenchError `not-found`; `corrupt-file` where it is no tar archive or cut short
 */
export async function* listTar(path: string): AsyncGenerator<TarMember, void> {
  const { handle, bytes: total } = await openRegularFile(path, 'archive');
  try {
    const read = createWindow(handle.fd, total);
    let at = 0;
    let longName: string | null = null;
    let longLink: string | null = null;
    let pax = new Map<string, string>();
    let begun = performance.now();
    while (at + block <= total) {
      if (performance.now() - begun > unbrokenMs) {
        await setImmediate();
        begun = performance.now();
      }
      const header = read(at, block);
      if (header.every((byte) => byte === 0)) return;
      if (!checksumFits(header)) {
        throw damaged(path, at === 0 ? 'it is no tar archive' : `its header at byte ${at} is damaged`);
      }
      const kind = String.fromCharCode(header[156] ?? 0);
      const isFile = kind === '0' || kind === '\0' || kind === '7';
      const paxSize = pax.get('size');
      const bytes = isFile && paxSize !== undefined ? Number(paxSize) : sizeOf(header);
      const name = (pax.get('path') ?? longName ?? nameOf(header)).replace(/^\.\//, '');
      const offset = at + block;
      if (offset + bytes > total) throw damaged(path, `it is cut short: ${name} is not there to its end`);
      at = offset + block * Math.ceil(bytes / block);
      if (kind === 'L') longName = text(read(offset, bytes));
      else if (kind === 'K') longLink = text(read(offset, bytes));
      else if (kind === 'x') pax = paxFields(read(offset, bytes));
      else if (kind !== 'g') {
        if (isFile) yield { name, offset, bytes };
        else if (kind === '1' || kind === '2')
          yield {
            name,
            offset,
            bytes: 0,
            link: pax.get('linkpath') ?? longLink ?? text(header.subarray(157, 257)),
          };
        longLink = null;
        longName = null;
        pax = new Map();
      }
    }
    throw damaged(path, 'it is cut short');
  } finally {
    await handle.close();
  }
}

/**
 * Reads ranges that go forward through a file, a window at a time. It waits for the disk: to hand each of some ten
 * thousand short reads to a thread takes ten times as long as the reads.
 */
function createWindow(file: number, total: number) {
  const window = Buffer.alloc(windowBytes);
  let start = 0;
  let length = 0;
  const fill = (into: Buffer, at: number): number => {
    let done = 0;
    while (done < into.length) {
      const got = readSync(file, into, done, into.length - done, at + done);
      if (got === 0) break;
      done += got;
    }
    return done;
  };
  return (at: number, bytes: number): Buffer => {
    if (bytes > windowBytes) {
      const whole = Buffer.alloc(bytes);
      return whole.subarray(0, fill(whole, at));
    }
    if (at < start || at + bytes > start + length) {
      start = at;
      length = fill(window.subarray(0, Math.min(windowBytes, total - at)), at);
    }
    return window.subarray(at - start, at - start + bytes);
  };
}

function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

function nameOf(header: Buffer): string {
  const name = text(header.subarray(0, 100));
  const isUstar = header.toString('latin1', 257, 262) === 'ustar' && header[262] === 0;
  const prefix = isUstar ? text(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal digits, or GNU's big-endian number behind a byte of 0x80. */
function sizeOf(header: Buffer): number {
  if ((header[124]! & 0x80) !== 0) return Number(header.readBigUInt64BE(128));
  return Number.parseInt(header.toString('latin1', 124, 136).replaceAll(/[\0 ]/g, ''), 8) || 0;
}

/** The sum of a header's bytes with its own field as spaces (POSIX.1-2017, pax interchange format). */
function checksumFits(header: Buffer): boolean {
  const told = Number.parseInt(header.toString('latin1', 148, 156).replaceAll(/[\0 ]/g, ''), 8);
  let sum = 8 * 0x20;
  for (let at = 0; at < block; at += 1) if (at < 148 || at >= 156) sum += header[at]!;
  return sum === told;
}

/** Records `LENGTH NAME=VALUE\n`. */
function paxFields(bytes: Buffer): Map<string, string> {
  const fields = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('latin1', at, space));
    if (space < 0 || !(length > 0)) break;
    const [name = '', ...value] = bytes.toString('utf8', space + 1, at + length - 1).split('=');
    fields.set(name, value.join('='));
    at += length;
  }
  return fields;
}

function damaged(path: string, reason: string): WorkbenchError {
  return new WorkbenchError('corrupt-file', `${path} cannot be read: ${reason}. Fetch or write it again.`, {
    path,
  });
}
