import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { type EpochPlan, loadMethodState, saveMethodState } from '#main/engine/training/method-state.ts';

beforeAll(async () => void (await useBackend('cpu')));

const freshFolder = () => mkdtempSync(path.join(tmpdir(), 'method-state-'));

test("a method's tensors, chosen records and notes come back as they were", async () => {
  const folder = freshFolder();
  const pool = [0.1, -1e-30, 3.4e38, 0, 5, 6];
  const plan: EpochPlan = {
    epoch: 3,
    stages: [
      { phase: 'safe', steps: 2, rows: Int32Array.from([7, 1, 2_000_000]) },
      { phase: 'pairs', steps: 1, rows: null },
    ],
    notes: { dropped: [4, 5], fraction: 0.3 },
  };
  const memory = { pool: tf.tensor2d(pool, [3, 2]), next: tf.scalar(2, 'int32') };
  await saveMethodState(folder, { memory, plan });
  const loaded = loadMethodState(folder);
  expect(loaded.plan).toEqual(plan);
  expect(loaded.memory.pool?.shape).toEqual([3, 2]);
  expect(Array.from(loaded.memory.pool!.dataSync())).toEqual(pool.map(Math.fround));
  expect(loaded.memory.next?.dtype).toBe('int32');
  expect(loaded.memory.next?.dataSync()[0]).toBe(2);
});

test('a method without a state of its own leaves no file', async () => {
  const folder = freshFolder();
  await saveMethodState(folder, { memory: {}, plan: null });
  expect(readdirSync(folder)).toEqual([]);
  expect(loadMethodState(folder)).toEqual({ memory: {}, plan: null });
});
