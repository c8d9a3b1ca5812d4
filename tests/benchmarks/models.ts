/**
 * Full-size models against PyTorch: `CCW_PEER_PYTHON=... npm run bench:models`, with torch, open_clip and transformers
 * in that Python; up to 5 GB of memory and 5 GB of disk. Makes RN50 and ViT-B/32 with random weights, imports them,
 * embeds 20 pictures and captions on both sides, exports every format and loads it strictly there. Prints a table and
 * writes it into docs/models.md, with --check only prints it; ends with 1 where an embedding differs by more than a
 * cosine of 0.99999.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { exportFormatNames } from '#contract/model-files.ts';
import { smallestCosine } from '../peer/compare-embeddings.ts';
import { askPeer, peerPython, whyNoPeer } from '../peer/python-peer.ts';
import { writeSection } from './page-sections.ts';

const refusal = whyNoPeer();
if (refusal !== null) throw new Error(refusal);

const leastCosine = 0.99999;
const repository = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ccw-models-'));
const load = (loadavg()[0] ?? 0).toFixed(1);
const failures: string[] = [];

const runSchema = z.object({ seconds: z.number(), peakBytes: z.number(), output: z.unknown() });

/** Runs `ccw` in a process of its own under Python's watch, which knows the peak memory of it and its engine. */
function ccw(...args: string[]) {
  const watch = [
    'import json, resource, subprocess, sys, time',
    'begun = time.time()',
    'ended = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)',
    'if ended.returncode: sys.exit(ended.returncode)',
    'peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024',
    'print(json.dumps({"seconds": time.time() - begun, "peakBytes": peak, "output": json.loads(ended.stdout.splitlines()[-1])}))',
  ].join('\n');
  const program = [process.execPath, join(repository, 'main/hosts/cli.ts'), ...args, '--json'];
  const { status, stdout, stderr } = spawnSync(peerPython, ['-c', watch, ...program], {
    encoding: 'utf8',
    env: { ...process.env, CCW_WORKSPACE: join(folder, 'workspace') },
  });
  if (status !== 0) throw new Error(`ccw ${args.join(' ')} ended with ${status}: ${stderr}`);
  return runSchema.parse(JSON.parse(stdout));
}

/** Ten emoji and the ten pictures of the reference's preprocessing figures, which have many sizes and kinds. */
function choosePairs(): { picture: string; caption: string }[] {
  ccw('dataset', 'add', 'emoji');
  const emoji = join(folder, 'workspace', 'datasets', 'emoji');
  const drawn = readdirSync(emoji, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.png'),
  );
  const every = Math.floor(drawn.length / 10);
  const preprocess = join(repository, 'tests/fixtures/reference/preprocess');
  const inputs = readdirSync(preprocess).filter((name) => name.startsWith('input-'));
  const pictures = [
    ...Array.from({ length: 10 }, (_, at) => join(emoji, drawn[at * every]!)),
    ...inputs.slice(0, 10).map((name) => join(preprocess, name)),
  ];
  const texts = [
    'a photo of a dog.',
    "It's a café, isn't it?",
    'two cats &amp; one dog on a sofa',
    'ＦＵＬＬ width, ﬁne ligatures',
    'naïve résumé – a dash — and “quotes”',
    'emoji 😀 and 中文',
    'A LOUD CAPTION!!!',
    'numbers 1234567890 and 3.14',
    'a very long caption that goes on and on about nothing in particular, with many words',
    'x',
  ];
  return pictures.map((picture, at) => ({
    picture,
    caption: at < texts.length ? texts[at]! : `picture number ${at} of twenty, drawn by hand`,
  }));
}

const sizeOf = (path: string): number =>
  statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
    : statSync(path).size;
const megabytes = (bytes: unknown) => (Number(bytes) / 1e6).toFixed(0);
const seconds = (value: unknown) => Number(value).toFixed(1);

try {
  const pairs = choosePairs();
  const csv = join(folder, 'pairs.csv');
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = pairs.map(({ picture, caption }) => `${quote(picture)},${quote(caption)}`);
  writeFileSync(csv, ['image,caption', ...lines, ''].join('\n'));
  ccw('dataset', 'import', csv, '--name', 'pairs');

  const rows: string[] = [];
  for (const architecture of ['RN50', 'ViT-B/32'] as const) {
    const short = architecture.replaceAll(/\W/g, '-').toLowerCase();
    const peer = { architecture: architecture.replace('/', '-'), quickGelu: true, resolution: 224 };
    const file = join(folder, `${short}.pt`);
    askPeer({ task: 'make', ...peer, seed: 7, out: file });
    const compare = (what: string, path: string, format: string, ours: string | null) => {
      const theirs = join(folder, `${short}-theirs.safetensors`);
      const seen = askPeer({
        ...{ task: 'embed', ...peer, path, format, out: theirs },
        pictures: pairs.map(({ picture }) => picture),
        captions: pairs.map(({ caption }) => caption),
      });
      const reference = ours ?? join(folder, `${short}-ours.safetensors`);
      const cosines = (['images', 'texts'] as const).map((name) => smallestCosine(reference, theirs, name));
      if (cosines.some((cosine) => !(cosine >= leastCosine))) failures.push(`${architecture}, ${what}`);
      return { seen, cosines: cosines.map((cosine) => cosine.toFixed(8)) };
    };
    const imported = ccw('model', 'import', file, '--name', short, '--activation', 'quick_gelu');
    const embedded = ccw(
      ...['embed', '--model', short, '--dataset', 'pairs'],
      ...['--out', join(folder, `${short}-ours.safetensors`)],
    );
    const first = compare('imported', file, 'open_clip', null);
    rows.push(
      `| ${architecture}, import and embed | ${megabytes(sizeOf(file))} | ${seconds(imported.seconds)} + ${seconds(embedded.seconds)} | ${megabytes(Math.max(imported.peakBytes, embedded.peakBytes))} | ${seconds(Number(first.seen['loadSeconds']) + Number(first.seen['embedSeconds']))} | ${megabytes(first.seen['peakBytes'])} | ${first.cosines[0]} | ${first.cosines[1]} |`,
    );
    for (const format of exportFormatNames.filter((name) => name !== 'hf' || architecture !== 'RN50')) {
      const out = join(folder, `${short}-${format}`);
      const exported = ccw('model', 'export', short, '--format', format, '--out', out);
      const { seen, cosines } = compare(`exported as ${format}`, out, format, null);
      if (format === 'reference') askPeer({ task: 'resume', ...peer, path: out });
      rows.push(
        `| ${architecture}, export as ${format} | ${megabytes(sizeOf(out))} | ${seconds(exported.seconds)} | ${megabytes(exported.peakBytes)} | ${seconds(seen['loadSeconds'])} | ${megabytes(seen['peakBytes'])} | ${cosines[0]} | ${cosines[1]} |`,
      );
      rmSync(out, { recursive: true });
    }
  }
  const text = [
    `${cpus()[0]?.model ?? 'unknown processor'} (${availableParallelism()} cores, load average at the start ${load}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}. Seconds are whole \`ccw\` commands, with the start of the engine; theirs are loading and, in the first row, embedding, without Python's start. Memory is the peak of the largest process, in megabytes. Cosines are the smallest of 20.`,
    '',
    '| what | file, MB | ours, s | peak | theirs, s | peak | pictures | captions |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...rows,
  ].join('\n');
  console.log(text);
  if (!process.argv.includes('--check')) writeSection('models', text, 'models.md');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.error(`Cosines under ${leastCosine}: ${failures.join('; ')}.`);
  process.exitCode = 1;
}
