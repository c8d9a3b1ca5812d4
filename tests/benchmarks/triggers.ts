/**
 * How long every preset of every kind of trigger takes, in one thread, and how long the designer's canvas takes to follow
 * a slider in Chromium: `npm run bench:triggers`. Prints the tables and writes them into docs/performance.md.
 */
import { cpus, loadavg } from 'node:os';
import { type Trigger, triggerKinds } from '#contract/trigger.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { createRandom } from '#core/random/random.ts';
import { listPresets, renderTriggered } from '#core/triggers/trigger-registry.ts';
import { writeSection } from './page-sections.ts';
import { measureRedraws, type Redraws } from './trigger-window.ts';

const sides = [224, 32] as const;
const warmUps = 20;
const repeats = 200;

const rows = triggerKinds.flatMap((kind) =>
  listPresets(kind, 224).map(({ name }) => ({
    kind,
    name,
    ms: sides.map((side) => {
      const preset = listPresets(kind, side).find((one) => one.name === name);
      return preset === undefined ? Number.NaN : measure(preset.trigger, side);
    }),
  })),
);
const slowest = Math.max(...rows.map(({ ms }) => ms[0] ?? 0));
const text = [
  `${cpus()[0]?.model ?? 'unknown processor'}, one thread, load average ${(loadavg()[0] ?? 0).toFixed(1)}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; renderTriggered on a picture that has the resolution already; processor time of the thread, which other work on the machine leaves nearly as it is, means of ${repeats} after ${warmUps}, each with another picture's key.`,
  '',
  `| kind | preset | ${sides.map((side) => `ms at ${side} px`).join(' | ')} |`,
  `|---|---|${sides.map(() => '---:|').join('')}`,
  ...rows.map(
    ({ kind, name, ms }) => `| ${kind} | ${name} | ${ms.map((one) => one.toFixed(2)).join(' | ')} |`,
  ),
  '',
  `The slowest takes ${slowest.toFixed(1)} ms at 224 px; the goal, one frame of a screen, is 16.`,
].join('\n');
console.log(text);
writeSection('triggers', text);

const redraws = await measureRedraws();
const kinds = [...new Set(redraws.map(({ kind }) => kind))];
const redrawText = [
  `The designer in Chromium, 1280 x 800 pixels, a dataset's picture at 224 px: every slider of every kind moved from end to end in 30 moves; the slowest slider of each kind, milliseconds from the input event. ${cpus()[0]?.model ?? 'unknown processor'} (${cpus().length} cores, load average ${(loadavg()[0] ?? 0).toFixed(1)}), ${new Date().toISOString().slice(0, 10)}. What is painted waits for a frame of the screen, each 16.7 ms; the last column is what the canvas's worker used of a processor, which other work on the machine leaves nearly as it is.`,
  '',
  '| kind | slowest slider | pixels on the canvas, median | p95 | frame painted, median | p95 | processor of the worker |',
  '|---|---|---:|---:|---:|---:|---:|',
  ...kinds.map((kind) => tellSlowest(redraws.filter((one) => one.kind === kind))),
].join('\n');
console.log(redrawText);
writeSection('redraws', redrawText);

function tellSlowest(sliders: readonly Redraws[]): string {
  const [slowest] = [...sliders].sort((a, b) => atShare(b.drawnMs, 0.5) - atShare(a.drawnMs, 0.5));
  if (slowest === undefined) return '';
  const { kind, parameter, drawnMs, paintedMs, workerMs } = slowest;
  const times = [drawnMs, paintedMs].flatMap((ms) => [
    atShare(ms, 0.5).toFixed(1),
    atShare(ms, 0.95).toFixed(1),
  ]);
  return `| ${kind} | ${parameter} | ${times.join(' | ')} | ${workerMs?.toFixed(1) ?? ''} |`;
}

/** The value below which a share of the values lies (nearest rank). */
function atShare(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function measure(trigger: Trigger, side: number): number {
  const picture = drawNoise(side);
  const render = (turn: number) =>
    renderTriggered(picture, { trigger, resolution: side, seed: 0 }, `picture ${turn}`);
  for (let turn = 0; turn < warmUps; turn += 1) render(turn);
  const begun = process.threadCpuUsage();
  for (let turn = 0; turn < repeats; turn += 1) render(turn);
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1000 / repeats;
}

function drawNoise(side: number): Picture {
  const data = new Uint8Array(side * side * 3);
  createRandom('bench triggers').fillBytes(data);
  return { width: side, height: side, data };
}
