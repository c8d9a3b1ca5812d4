import { expect, test } from 'vitest';
import { withoutChatter } from '#main/workbench/engine/engine-output.ts';

/** As TensorFlow 2.21 prints them on every start. */
const always = [
  'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
  'I0000 00:00:1796010535.756481   24912 port.cc:153] oneDNN custom operations are on. You may see slightly different numerical results.',
  '2026-11-30 03:44:10.481236: I tensorflow/core/platform/cpu_feature_guard.cc:210] This TensorFlow binary is optimized.',
].join('\n');

test('of what TensorFlow always prints nothing stays; errors and warnings do', () => {
  expect(withoutChatter(always)).toBe('');
  const error = 'F0000 00:00:1796010535.756481   24912 threadpool.cc:44] Check failed: no threads';
  const warning =
    '2026-11-30 03:44:10.481236: W tensorflow/core/framework/allocator.cc:84] Allocation of 12 GB exceeds 10 %.';
  expect(withoutChatter(`${always}\n${error}\n${warning}\nFatal error\n`)).toBe(
    `${error}\n${warning}\nFatal error`,
  );
});
