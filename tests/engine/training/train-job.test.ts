import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { readSafetensors } from '#main/engine/checkpoints/safetensors.ts';
import { type JobContext, type JobEvent, JobStopped } from '#main/engine/job.ts';
import { currentTensorflow } from '#main/engine/tensorflow/kernel-backend.ts';
import { runTrainJob } from '#main/engine/training/train-job.ts';
import { type SmallSettings, smallJob, writeSmallPairs } from './small-pairs.ts';

let data: Awaited<ReturnType<typeof writeSmallPairs>>;
beforeAll(async () => {
  await useBackend('tensorflow');
  data = await writeSmallPairs(70);
});

/** Collects what a job says; asks it to stop once it has said `stopAt`. */
function listen(
  stopAt = Number.POSITIVE_INFINITY,
): JobContext & { events: JobEvent[]; metric(name: string): number[] } {
  const events: JobEvent[] = [];
  let step = 0;
  return {
    events,
    emit: (event) => {
      events.push(event);
      if (event.type === 'metrics') step = event.step;
    },
    stopRequested: () => step >= stopAt,
    metric: (name) =>
      events.flatMap((event) =>
        event.type === 'metrics'
          ? event.points.filter((point) => point.name === name).map(({ value }) => value)
          : [],
      ),
  };
}

describe('training from scratch', () => {
  test('the loss falls, each epoch leaves a checkpoint, and no tensor is left behind', async () => {
    const said = listen();
    const before = currentTensorflow()!.binding.getNumOfTensors();
    const result = await runTrainJob(smallJob(data, 'mmcl', 'falls', { settings: { epochs: 6 } }), said);
    expect(currentTensorflow()!.binding.getNumOfTensors()).toBe(before);
    const losses = said.metric('loss');
    expect(losses).toHaveLength(24);
    expect(losses.at(-1)).toBe(result.finalLoss);
    expect(said.metric('epoch_loss').at(-1)).toBeLessThan(0.7 * said.metric('epoch_loss')[0]!);
    const checkpoints = said.events.filter((event) => event.type === 'checkpoint');
    expect(checkpoints.map(({ step }) => step)).toEqual([4, 8, 12, 16, 20, 24]);
    expect(checkpoints.at(-1)!.weightsSha256).toBe(result.weightsSha256);
    // The workbench decides which of them can be gone on from: it knows which are recorded.
    const optimisers = checkpoints.map(({ folder }) =>
      existsSync(path.join(folder, 'optimiser.safetensors')),
    );
    expect(optimisers).toEqual([true, true, true, true, true, true]);
  });

  test('checkpoints within an epoch change nothing of the run', async () => {
    const said = listen();
    const job = smallJob(data, 'mmcl', 'within', { checkpointMinutes: 0 });
    const { weightsSha256 } = await runTrainJob(job, said);
    const checkpoints = said.events.filter((event) => event.type === 'checkpoint');
    expect(checkpoints.map(({ step, epoch }) => [step, epoch])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 1],
      [5, 1],
      [6, 1],
      [7, 1],
      [8, 2],
    ]);
    const plain = await runTrainJob(smallJob(data, 'mmcl', 'not-within'), listen());
    expect(weightsSha256).toBe(plain.weightsSha256);
    const shares = said.metric('data_wait_share');
    expect(shares).toHaveLength(2);
    for (const share of shares) expect(share >= 0 && share <= 1).toBe(true);
  });

  test('losses that are read every few steps, as on a GPU, are those read after each', async () => {
    const said = listen();
    const few = await runTrainJob(smallJob(data, 'mmcl', 'read-few', { readEvery: 3 }), said);
    const each = listen();
    const plain = await runTrainJob(smallJob(data, 'mmcl', 'read-each', { readEvery: 1 }), each);
    expect(few).toEqual({ ...plain, seconds: few.seconds });
    const points = ({ events }: typeof said) =>
      events.flatMap((event) =>
        event.type === 'metrics'
          ? event.points.filter(({ name }) => !['epoch_seconds', 'data_wait_share'].includes(name))
          : [],
      );
    expect(points(said)).toEqual(points(each));
    // After three steps, and at the end of the epoch's four.
    const order = said.events.flatMap(({ type }) =>
      type === 'metrics' || type === 'checkpoint' ? [type[0]] : [],
    );
    expect(order.join('')).toBe('mmmmcmmmmc');
  });

  test('the same seed gives the same bits, another seed others', async () => {
    const run = async (name: string, seed: number) =>
      (await runTrainJob(smallJob(data, 'mmcl', name, { seed }), listen())).weightsSha256;
    const first = await run('seed-a', 3);
    expect(await run('seed-b', 3)).toBe(first);
    expect(await run('seed-c', 4)).not.toBe(first);
  });

  test.each([
    ['mmcl', 3, {}],
    ['cleanclip', 6, { viewAugmentation: 'small' }],
    ['cleanclip', 5, { viewAugmentation: 'autoaugment' }],
    ['ssl-only', 5, {}],
  ] as const)(
    '%s stopped at step %i and resumed ends with the bits of the run that went through (%j)',
    async (kind, stopAt, settings: SmallSettings) => {
      const name = `stopped-${kind}-${Object.values(settings).join()}`;
      const whole = listen();
      const through = await runTrainJob(smallJob(data, kind, `through-${name}`, { settings }), whole);
      const said = listen(stopAt);
      await expect(runTrainJob(smallJob(data, kind, name, { settings }), said)).rejects.toEqual(
        new JobStopped(stopAt),
      );
      const last = said.events.filter((event) => event.type === 'checkpoint').at(-1)!;
      expect(last.step).toBe(stopAt);
      const resume = { folder: last.folder, step: last.step };
      const rest = listen();
      const resumed = await runTrainJob(smallJob(data, kind, name, { resume, settings }), rest);
      expect(resumed.resumedFromStep).toBe(stopAt);
      expect(resumed.weightsSha256).toBe(through.weightsSha256);
      // The epoch that was stopped in counts as one, whatever it was made in.
      expect([...said.metric('epoch_loss'), ...rest.metric('epoch_loss')]).toEqual(
        whole.metric('epoch_loss'),
      );
    },
  );
});

describe('defences', () => {
  test('supervised repair trains the image tower and a head, and leaves the text tower alone', async () => {
    const start = path.join(data.folder, 'for-head', 'step-8');
    await runTrainJob(smallJob(data, 'mmcl', 'for-head'), listen());
    const said = listen();
    const result = await runTrainJob(
      smallJob(data, 'supervised', 'head', { start, settings: { epochs: 8 } }),
      said,
    );
    expect(result.spec.headClasses).toEqual(data.classes);
    expect(said.metric('loss').at(-1)).toBeLessThan(0.5 * Math.log(4));
    const before = readSafetensors(path.join(start, 'weights.safetensors'));
    const after = readSafetensors(path.join(data.folder, 'head', 'step-32', 'weights.safetensors'));
    const changed = [...before.keys()].filter(
      (name) => Buffer.compare(Buffer.from(bytes(before, name)), Buffer.from(bytes(after, name))) !== 0,
    );
    expect(changed.length).toBeGreaterThan(10);
    expect(changed.filter((name) => !name.startsWith('visual.'))).toEqual([]);
    expect(after.get('head.weight')?.shape).toEqual([4, 128]);
  });

  test('a linear probe trains the head alone, on features computed once, and resumes to the same bits', async () => {
    const start = path.join(data.folder, 'for-probe', 'step-8');
    await runTrainJob(smallJob(data, 'mmcl', 'for-probe'), listen());
    const settings = { epochs: 12, warmupSteps: 0, learningRate: 0.05 };
    const said = listen();
    const through = await runTrainJob(smallJob(data, 'linear-probe', 'probe', { start, settings }), said);
    expect(said.metric('loss').at(-1)).toBeLessThan(0.7 * said.metric('loss')[0]!);
    const embedded = said.events.filter(
      (event) => event.type === 'progress' && event.phase === 'embedding pictures',
    );
    expect(embedded.at(-1)).toMatchObject({ done: 70, total: 70 });
    const before = readSafetensors(path.join(start, 'weights.safetensors'));
    const after = readSafetensors(path.join(data.folder, 'probe', 'step-48', 'weights.safetensors'));
    for (const name of before.keys()) expect(bytes(after, name), name).toEqual(bytes(before, name));
    expect(after.get('head.weight')?.shape).toEqual([4, 128]);

    const half = listen(6);
    const job = smallJob(data, 'linear-probe', 'probe-stopped', { start, settings });
    await expect(runTrainJob(job, half)).rejects.toEqual(new JobStopped(6));
    const last = half.events.findLast((event) => event.type === 'checkpoint')!;
    const resumed = await runTrainJob({ ...job, resume: { folder: last.folder, step: 6 } }, listen());
    expect(resumed.weightsSha256).toBe(through.weightsSha256);
  });

  test('a learning rate that is too large is named with the step, however late the loss is read', async () => {
    const job = smallJob(data, 'mmcl', 'explodes', {
      readEvery: 4,
      settings: { learningRate: 1e30, warmupSteps: 0, schedule: 'constant' },
    });
    const said = listen();
    await expect(runTrainJob(job, said)).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringMatching(/at step [23], at a learning rate of 1e\+30: .*--learning-rate/),
    });
    expect(said.events.filter(({ type }) => type === 'checkpoint')).toEqual([]);
  });

  test('fewer records than a batch are refused', async () => {
    const job = smallJob(data, 'mmcl', 'few', { settings: { batchSize: 71 } });
    await expect(runTrainJob(job, listen())).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining('70 training records do not fill one batch of 71'),
    });
  });
});

function bytes(tensors: ReturnType<typeof readSafetensors>, name: string): Uint8Array {
  const { data } = tensors.get(name)!;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
