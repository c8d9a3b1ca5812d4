import { expect, test } from 'vitest';
import { startEngine } from '#main/workbench/engine/engine-client.ts';
import { launchChildProcess } from '#main/workbench/engine/engine-process.ts';
import { startChosenEngine } from '#main/workbench/engine/queue.ts';

test('an engine that is killed while it starts is an error, and no slower backend takes its place', async () => {
  const started: string[] = [];
  const said: string[] = [];
  const reporter = { progress: () => {}, say: (text: string) => void said.push(text) };
  const start = startChosenEngine({ device: null, reporter }, ({ device }) => {
    started.push(device);
    return startEngine({
      device,
      launch: (environment) => {
        const child = launchChildProcess(environment);
        child.kill();
        return child;
      },
    });
  });
  await expect(start).rejects.toMatchObject({ kind: 'engine-ended', details: { signal: 'SIGKILL' } });
  expect(started).toEqual(['cpu']);
  expect(said).toEqual([]);
});
