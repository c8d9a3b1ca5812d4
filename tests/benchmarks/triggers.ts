/**
 * How long every preset of every kind of trigger takes, in one thread: `npm run bench:triggers`. Prints a table and
 * writes it into docs/performance.md.
 */
import { cpus, loadavg } from 'node:os';
import { type Trigger, triggerKinds } from '#contract/trigger.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { createRandom } from '#core/random/random.ts';
import { listPresets, renderTriggered } from '#core/triggers/trigger-registry.ts';
import { writeSection } from './page-sections.ts';

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
