import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** `kept`: it is a picture; `refused`: it is left out with a reason. */
export type Verdict = 'kept' | 'refused';

const plain = () => sharp({ create: { width: 40, height: 30, channels: 3, background: '#c84020' } });
const noisy = () =>
  sharp({
    create: {
      width: 400,
      height: 300,
      channels: 3,
      background: '#112233',
      noise: { type: 'gaussian', mean: 128, sigma: 50 },
    },
  });
const formats = ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const;

/** Writes pictures that attack a reader into `folder`/a, and gives each one's name with what must come of it. */
export async function writeHostilePictures(folder: string): Promise<Record<string, Verdict>> {
  const place = join(folder, 'a');
  mkdirSync(place, { recursive: true });
  const verdicts: Record<string, Verdict> = {};
  const put = (name: string, content: string | Uint8Array, verdict: Verdict) => {
    writeFileSync(join(place, name), content);
    verdicts[name] = verdict;
  };
  for (const format of formats) {
    const whole = await plain().toFormat(format).toBuffer();
    put(`good.${format}`, whole, 'kept');
    // A text file beside pictures holds captions, whatever is in it.
    put(`good-${format}.txt`, whole, 'refused');
    put(`head-only.${format}`, whole.subarray(0, 16), 'refused');
    if (format === 'gif' || format === 'tiff') continue;
    const cut = await noisy().toFormat(format).toBuffer();
    put(`cut.${format}`, cut.subarray(0, Math.floor(cut.length / 3)), 'refused');
  }
  const png = await plain().png().toBuffer();
  const jpeg = await plain().jpeg().toBuffer();
  const frames = { raw: { width: 40, height: 90, channels: 3 as const, pageHeight: 30 } };
  put(
    'animated.gif',
    await sharp(Buffer.alloc(40 * 90 * 3, 77), frames)
      .gif()
      .toBuffer(),
    'kept',
  );
  put(
    'animated.webp',
    await sharp(Buffer.alloc(40 * 90 * 3, 77), frames)
      .webp()
      .toBuffer(),
    'kept',
  );
  put('grey.jpg', await plain().greyscale().jpeg().toBuffer(), 'kept');
  put('progressive.jpg', await plain().jpeg({ progressive: true }).toBuffer(), 'kept');
  const progressive = await noisy().jpeg({ progressive: true }).toBuffer();
  const lastScan = progressive.lastIndexOf(Buffer.from('ffda', 'hex'));
  const scan = progressive.subarray(lastScan, -2);
  // Two thousand passes over the picture.
  put(
    'many-scans.jpg',
    Buffer.concat([
      progressive.subarray(0, lastScan),
      ...Array.from({ length: 2_000 }, () => scan),
      progressive.subarray(-2),
    ]),
    'refused',
  );
  put('cmyk.jpg', await plain().toColourspace('cmyk').jpeg().toBuffer(), 'kept');
  put('deep.png', await plain().toColourspace('rgb16').png().toBuffer(), 'kept');
  put('palette.png', await plain().png({ palette: true }).toBuffer(), 'kept');
  put('clear.png', await plain().ensureAlpha(0.2).png().toBuffer(), 'kept');
  put('trailing.jpg', Buffer.concat([jpeg, Buffer.from('<?php evil ?>'.repeat(1_000))]), 'kept');
  for (const name of [
    'quote"\'.png',
    'new\nline.png',
    '=cmd|calc.png',
    'x'.repeat(250),
    '$(id).png',
    '__proto__',
    '%2e%2e%2fx.png',
  ])
    put(name, png, 'kept');
  put('empty.png', '', 'refused');
  put('one-byte.jpg', Buffer.from([0xff]), 'refused');
  put('text.png', 'hello', 'refused');
  put('page.png', '<html><script>alert(1)</script>', 'refused');
  put('document.png', '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n', 'refused');
  put('program.png', Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(1_000)]), 'refused');
  put('archive.jpg', Buffer.from('504b0304140000000000', 'hex'), 'refused');
  const spoiled = Buffer.from(png);
  spoiled[spoiled.length - 20] = (spoiled[spoiled.length - 20] ?? 0) ^ 0xff;
  put('wrong-sum.png', spoiled, 'refused');
  put('size-of-none.png', craftPng(0, 0, Buffer.alloc(10)), 'refused');
  put('size-of-all.png', craftPng(0x7fffffff, 0x7fffffff, Buffer.alloc(10)), 'refused');
  put('bomb.png', craftPng(60_000, 60_000, Buffer.alloc(60_000 * 100)), 'refused');
  put('tall-bomb.png', craftPng(1, 0x7fffffff, Buffer.alloc(1_000)), 'refused');
  const drawings = {
    plain: '<rect width="4" height="4"/>',
    script: '<script>alert(1)</script>',
    deep: '<g>'.repeat(50_000) + '</g>'.repeat(50_000),
    uses: Array.from(
      { length: 25 },
      (_, level) => `<g id="a${level + 1}">${`<use href="#a${level}"/>`.repeat(4)}</g>`,
    ).join(''),
    filter: `<filter id="f">${'<feTurbulence baseFrequency="0.01" numOctaves="200"/>'.repeat(20)}</filter>`,
  };
  for (const [name, content] of Object.entries(drawings)) {
    const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="4000">${content}</svg>`;
    put(`${name}.svg`, drawing, 'refused');
    put(`${name}-svg.png`, `<?xml version="1.0"?>${drawing}`, 'refused');
  }
  for (const name of ['pipe.png', 'pipe']) {
    execFileSync('mkfifo', [join(place, name)]);
    verdicts[name] = 'refused';
  }
  const links = {
    'endless.png': '/dev/zero',
    'terminal.png': '/dev/tty',
    'loop.png': 'loop.png',
    'nowhere.png': 'none',
    'users.png': '/etc/passwd',
  };
  for (const [name, target] of Object.entries(links)) {
    symlinkSync(target, join(place, name));
    verdicts[name] = 'refused';
  }
  return verdicts;
}

/** A PNG of 1-bit grey that says to have this size, whatever its data. */
function craftPng(width: number, height: number, rows: Uint8Array): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 1;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
