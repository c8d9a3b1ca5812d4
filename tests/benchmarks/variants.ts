/**
 * Poisoning 75 of three million records, as in the paper's largest setting: `npm run bench:variants [RECORDS]`. Prints
 * a table and writes it into docs/performance.md.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import sharp from 'sharp';
import type { PartRequest, VariantRequest } from '#contract/api/variants.ts';
import { createRandom } from '#core/random/random.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { createEventBus } from '#main/api/events/event-bus.ts';
import { createJobList } from '#main/api/jobs/job-list.ts';
import { createVariantsRouter } from '#main/api/routers/variants.ts';
import type { JobContext } from '#main/workbench/engine/job-context.ts';
import { createLiveQueue } from '#main/workbench/engine/live-queue.ts';
import { createVariant } from '#main/workbench/variants/variants.ts';
import { verifyVariant } from '#main/workbench/variants/verify-variant.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { fillDataset, vocabulary } from './browse-data.ts';
import { writeSection } from './page-sections.ts';

const records = Number(process.argv[2] ?? 3_000_000);
const repeats = 15;
const poisoned = 75;
const resolution = 224;
const name = 'millions';
const target = `class ${vocabulary[100]}`;
const trigger = defaultPatch(16, resolution);
const templates = ['a photo of a {}.', 'the {label}', 'one {class} here'];

const context: JobContext = {
  reporter: { progress: () => {}, say: () => {} },
  interrupt: { gentle: new AbortController().signal, hard: new AbortController().signal },
  device: null,
};

const folder = mkdtempSync(join(tmpdir(), 'ccw-variants-'));
const workspace = openWorkspace(join(folder, 'workspace'));
try {
  console.error(`Filling ${records} records...`);
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  await fillDataset(workspace.db, pictures, name, records);
  await writePhotographs(pictures);
  const results = await measure(workspace);
  const text = [
    `${poisoned} of ${records.toLocaleString('en')} records (pictures JPEG, 512 x 384, with the trigger at ${resolution} px), ${cpus()[0]?.model ?? 'unknown processor'} (${availableParallelism()} cores, load average ${(loadavg()[0] ?? 0).toFixed(1)}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; milliseconds, ${repeats} times each, another seed each time. The last column is what the process used of all processors together.`,
    '',
    '| what | median | p95 | processor, median |',
    '|---|---:|---:|---:|',
    ...results.rows.map(
      ({ what, ms, busyMs }) =>
        `| ${what} | ${atShare(ms, 0.5).toFixed(0)} | ${atShare(ms, 0.95).toFixed(0)} | ${atShare(busyMs, 0.5).toFixed(0)} |`,
    ),
    '',
    `A variant of ${poisoned} records adds ${Math.round(results.bytes / 1024)} KiB to the workspace.`,
  ].join('\n');
  console.log(text);
  if (records === 3_000_000) writeSection('variants', text);
} finally {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(over: Workspace) {
  const rows: { what: string; ms: number[]; busyMs: number[] }[] = [];
  const time = async (what: string, ask: (turn: number) => Promise<unknown>) => {
    const ms: number[] = [];
    const busyMs: number[] = [];
    for (let turn = 0; turn < repeats; turn += 1) {
      const [start, busy] = [performance.now(), processorMs()];
      await ask(turn);
      ms.push(performance.now() - start);
      busyMs.push(processorMs() - busy);
    }
    rows.push({ what, ms, busyMs });
    console.error(
      what,
      atShare(ms, 0.5).toFixed(1),
      atShare(ms, 0.95).toFixed(1),
      atShare(busyMs, 0.5).toFixed(1),
    );
  };
  const poison = (seed: number, changes: Partial<PartRequest> = {}, ...further: PartRequest[]) =>
    createVariant(
      over,
      {
        dataset: name,
        resolution,
        seed,
        parts: [
          {
            trigger,
            target,
            amount: { kind: 'count', count: poisoned },
            captionTemplates: templates,
            ...changes,
          },
          ...further,
        ],
      },
      context,
    );

  const before = usedBytes(over);
  await time('make: at random, captions from templates', (turn) => poison(turn));
  const bytes = (usedBytes(over) - before) / repeats;
  await time('make: captions of the target class', (turn) =>
    poison(turn, { strategy: 'target-captions', selection: { includeTarget: true } }),
  );
  await time('make: of two classes with a word in the caption', (turn) =>
    poison(turn, {
      selection: { classes: [`class ${vocabulary[110]}`, `class ${vocabulary[120]}`], caption: 'photo' },
    }),
  );
  await time('make: three triggers with three targets', (turn) =>
    poison(
      turn,
      { amount: { kind: 'count', count: poisoned / 3 } },
      ...[130, 140].map((place) => ({
        trigger,
        target: `class ${vocabulary[place]}`,
        amount: { kind: 'count' as const, count: poisoned / 3 },
        captionTemplates: templates,
      })),
    ),
  );
  const made = await poison(repeats);
  await time('verify', () => verifyVariant(over, made.id, context));

  const events = createEventBus();
  const queue = createLiveQueue(over, { chosenDevice: () => null, problem: () => {}, changed: () => {} });
  const api = createRouterClient(
    createVariantsRouter({ workspace: over, jobs: createJobList({ queue, events }), events }),
  );
  const request = (
    seed: number,
    selection: NonNullable<VariantRequest['parts'][number]['selection']> = {},
  ): VariantRequest => ({
    dataset: name,
    resolution,
    seed,
    parts: [
      {
        trigger,
        target,
        amount: { kind: 'count', count: poisoned },
        captionTemplates: templates,
        selection,
      },
    ],
  });
  const [firstStart, firstBusy] = [performance.now(), processorMs()];
  let answer = await api.preview(request(0));
  const first = { ms: [performance.now() - firstStart], busyMs: [processorMs() - firstBusy] };
  for (; !answer.candidates.exact; answer = await api.preview(request(0))) await wait(20);
  const whole = { ms: [performance.now() - firstStart], busyMs: [processorMs() - firstBusy] };
  rows.push({ what: 'preview: the first answer after the start, at least so many', ...first });
  rows.push({ what: 'preview: until that count is whole', ...whole });
  await time('preview: all but the target class', (turn) => api.preview(request(turn)));
  await time('preview: other classes each time', (turn) =>
    api.preview(request(turn, { classes: [`class ${vocabulary[101 + turn]}`] })),
  );
  await time('preview: other words each time', (turn) =>
    api.preview(request(turn, { caption: vocabulary[20 + turn] ?? '' })),
  );
  await time('page of changed records', () => api.page({ variant: made.id, offset: 0, limit: 50 }));
  await queue.close();
  return { rows, bytes };
}

/** What this process has used of all processors: on a busy machine it says more than the clock. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Pages of the database that are in use, and everything in the cache. */
function usedBytes({ db, folder: root }: Workspace): number {
  const pragma = (pragmaName: string) => Number(db.pragma(pragmaName, { simple: true }));
  const cached = readdirSync(join(root, 'cache'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name: file }) => sum + statSync(join(parentPath, file)).size, 0);
  return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size') + cached;
}

/** Puts pictures of the size of photographs on the web in place of those that the dataset was filled with. */
async function writePhotographs(pictures: string): Promise<void> {
  const [width, height] = [512, 384];
  for (const file of readdirSync(pictures)) {
    const random = createRandom('photograph', file);
    const coarse = Uint8Array.from({ length: 32 * 24 * 3 }, () => random.integer(256));
    const smooth = sharp(coarse, { raw: { width: 32, height: 24, channels: 3 } }).resize(width, height);
    await smooth.jpeg({ quality: 90 }).toFile(join(pictures, file));
  }
}

/** The value below which a share of the values lies (nearest rank). */
function atShare(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
