import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { z } from 'zod';
import { type DatasetRecord, pictureKeyOf } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { fileOf } from '#contract/picture-source.ts';
import { scanFiles } from '#contract/scan.ts';
import type { Trigger } from '#contract/trigger.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { preprocess } from '#core/pixels/preprocess.ts';
import { resizeBicubic } from '#core/pixels/resize.ts';
import { drawSampleGround } from '#core/triggers/sample-ground.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { readPixels, readPng } from '#main/data/decoding/read-apart.ts';
import { createFileCache } from '#main/data/files/file-cache.ts';
import { readRegularFile } from '#main/data/files/open-regular-file.ts';
import { findAttackOn, findPreset, findRecord, sourceOf } from '#main/workbench/pictures.ts';
import { scanFilePath } from '#main/workbench/scans/scans.ts';
import { findKeptTrigger } from '#main/workbench/triggers/kept-triggers.ts';
import { cacheFolder, type Workspace } from '#main/workbench/workspace.ts';
import { createLimiter } from './limiter.ts';

/** Pictures made at once: more would only take the processor from the engine. */
const madeAtOnce = 3;

/** Pictures that are kept on disk. */
const keptBytes = 512 * 2 ** 20;

/** Decimal digits alone: `1e3`, `0x10` and ` 7` are no numbers of pictures. */
const wholeSchema = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const idSchema = wholeSchema.pipe(z.number().positive());
const placeSchema = wholeSchema;
const sizeSchema = wholeSchema.pipe(z.number().min(1).max(4096));

const scanFileSchema = z.enum(['mask', 'trigger', 'feature']);
/** A picture at a model's resolution, or one embedding. */
const largestScanFile = 64 * 2 ** 20;

/** Drawing sharp anew at every use costs nothing: Node keeps it. It is large, so a host starts without it. */
const loadPictures = () => import('#main/data/pictures/decode-picture.ts');

/**
 * Pictures by the ids of the database, never by path. What depends on content alone is kept in the workspace's cache
 * and may be kept by the browser; the ETag is a hash of what the bytes follow from.
 */
export function addMediaRoutes(hono: Hono, workspace: Workspace): void {
  const limit = createLimiter(madeAtOnce);
  const cache = createFileCache(join(cacheFolder(workspace), 'pictures'), keptBytes);

  const decode = async (record: DatasetRecord): Promise<Picture> => {
    return readPixels(sourceOf(workspace, record));
  };

  /** What decides a record's pixels: its hash, or, where nobody looked yet, the file as it is now. */
  const contentOf = (record: DatasetRecord): string => {
    if (record.sha256 !== null) return record.sha256;
    const source = sourceOf(workspace, record);
    const { mtimeMs, size } = statSync(fileOf(source), { throwIfNoEntry: false }) ?? {};
    return JSON.stringify([source, mtimeMs, size]);
  };

  const answer = async (
    request: Request,
    parts: readonly (string | number)[],
    make: () => Promise<Uint8Array>,
  ) => {
    const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
    const headers = {
      ETag: `"${hash}"`,
      // An address that names its content (`of`) never changes its meaning; ids may come back after a deletion.
      'Cache-Control': new URL(request.url).searchParams.has('of')
        ? 'private, max-age=31536000, immutable'
        : 'private, max-age=60',
      'Content-Type': 'image/png',
    };
    if (request.headers.get('If-None-Match') === headers.ETag)
      return new Response(null, { status: 304, headers });
    const bytes = await cache.get(`${hash.slice(0, 2)}/${hash}.png`, () => limit(make));
    return new Response(new Uint8Array(bytes), { headers });
  };

  hono.get('/media/p/:record', (context) => {
    const record = findRecord(workspace, parseId(context.req.param('record')));
    const size = parseSize(context.req.query('size'));
    return answer(context.req.raw, ['p', contentOf(record), size ?? 0], () =>
      readPng(sourceOf(workspace, record), size),
    );
  });

  hono.get('/media/m/:record', (context) => {
    const record = findRecord(workspace, parseId(context.req.param('record')));
    const resolution = parseSize(context.req.query('resolution')) ?? 224;
    return answer(context.req.raw, ['m', contentOf(record), resolution], async () =>
      encode(preprocess(await decode(record), resolution), null),
    );
  });

  hono.get('/media/s/:record', (context) => {
    const record = findRecord(workspace, parseId(context.req.param('record')));
    const side = parseSize(context.req.query('resolution')) ?? 224;
    return answer(context.req.raw, ['s', contentOf(record), side], async () =>
      encode(resizeBicubic(await decode(record), side, side), null),
    );
  });

  const answerTrigger = (request: Request, trigger: Trigger, resolution: number, size: number | null) =>
    answer(request, ['t', JSON.stringify(trigger), resolution, size ?? 0], async () =>
      encode(
        renderTriggered(drawSampleGround(resolution), { trigger, resolution, seed: 0 }, 'drawing'),
        size,
      ),
    );

  hono.get('/media/t/:trigger', (context) => {
    const { trigger, resolution } = findKeptTrigger(workspace, context.req.param('trigger'));
    return answerTrigger(context.req.raw, trigger, resolution, parseSize(context.req.query('size')));
  });

  hono.get('/media/k/:kind/:preset', (context) => {
    const { kind, preset } = context.req.param();
    const resolution = parseSize(context.req.query('resolution')) ?? 224;
    const trigger = findPreset(kind, preset, resolution);
    return answerTrigger(context.req.raw, trigger, resolution, parseSize(context.req.query('size')));
  });

  hono.get('/media/c/:scan/:file', async (context) => {
    const name = scanFileSchema.safeParse(context.req.param('file'));
    if (!name.success) throw new WorkbenchError('not-found', 'A scan has no such file.');
    const path = scanFilePath(workspace, context.req.param('scan'), name.data);
    const bytes = await readRegularFile(path, largestScanFile);
    const isPicture = path.endsWith('.png');
    return new Response(new Uint8Array(bytes), {
      headers: {
        'Content-Type': isPicture ? 'image/png' : 'application/octet-stream',
        ...(isPicture ? {} : { 'Content-Disposition': `attachment; filename="${scanFiles[name.data]}"` }),
        'Cache-Control': 'private, max-age=60',
      },
    });
  });

  hono.get('/media/v/:variant/:record', (context) => {
    const record = findRecord(workspace, parseId(context.req.param('record')));
    const part = parsePlace(context.req.query('part'));
    const attack = findAttackOn(workspace, context.req.param('variant'), record.id, part);
    const size = parseSize(context.req.query('size'));
    const { trigger, resolution, seed } = attack;
    const parts = [
      'v',
      contentOf(record),
      pictureKeyOf(record),
      JSON.stringify({ trigger, resolution, seed }),
      size ?? 0,
    ];
    return answer(context.req.raw, parts, async () =>
      encode(renderTriggered(await decode(record), attack, pictureKeyOf(record)), size),
    );
  });
}

function parseId(text: string): number {
  const parsed = idSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError('not-found', 'There is no such picture.', { id: text });
}

function parsePlace(text: string | undefined): number | null {
  if (text === undefined) return null;
  const parsed = placeSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError('bad-input', 'A part is a whole number from 0.', { part: text });
}

function parseSize(text: string | undefined): number | null {
  if (text === undefined) return null;
  const parsed = sizeSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError('bad-input', 'A size is a whole number of pixels from 1 to 4096.', { size: text });
}

/** As PNG, at most `size` pixels a side; null leaves the size. */
async function encode(picture: Picture, size: number | null): Promise<Uint8Array> {
  const { encodePng, encodeThumbnail } = await loadPictures();
  return size === null ? encodePng(picture) : encodeThumbnail(picture, size);
}
