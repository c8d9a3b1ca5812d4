import { describe, expect, test } from 'vitest';
import { readPickle } from '#main/engine/checkpoints/pickle/interpreter.ts';
import {
  PickleDict,
  type PickleList,
  PickleTensor,
  PickleTuple,
} from '#main/engine/checkpoints/pickle/values.ts';
import { findWeights } from '#main/engine/checkpoints/torch/find-weights.ts';

/** A pickle of protocol 2 with these instructions, as pickletools names them. */
const pickle = (...parts: (string | number[])[]) =>
  Buffer.concat([
    Buffer.from([0x80, 2]),
    ...parts.map((part) => Buffer.from(part as string, 'latin1')),
    Buffer.from('.'),
  ]);
const read = (...parts: (string | number[])[]) => readPickle(pickle(...parts)).value;
const text = (value: string) => [0x58, value.length, 0, 0, 0, ...Buffer.from(value)];

test('plain values as Python has them', () => {
  // pickle.dumps((-2, 300, 1.5, True, None, 'a'), 2)
  const value = read(
    '(',
    [0x4a, 0xfe, 0xff, 0xff, 0xff],
    [0x4d, 0x2c, 1],
    [0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0],
    [0x88],
    'N',
    text('a'),
    't',
  );
  expect(value).toEqual(new PickleTuple([-2, 300, 1.5, true, null, 'a']));
  // pickle.dumps(2 ** 64, 2): nine bytes
  expect(read([0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1])).toBe(2n ** 64n);
});

test('a value is kept and recalled by its number', () => {
  const value = read(']', 'q\x00', text('x'), 'a', 'h\x00', [0x86]);
  expect(value).toBeInstanceOf(PickleTuple);
  const [first, second] = (value as PickleTuple).items;
  expect(first).toBe(second);
  expect((first as PickleList).items).toEqual(['x']);
});

describe('refused', () => {
  test.each<[string, (string | number[])[], RegExp]>([
    ['a shell', ['cposix\nsystem\n', text('id'), [0x85], 'R'], /"posix\.system"/],
    ['builtins', ['cbuiltins\neval\n', text('1'), [0x85], 'R'], /"builtins\.eval"/],
    ['a name put together on the stack', [text('os'), text('system'), [0x93]], /"os\.system"/],
    ['a name from inside torch', ['ctorch.hub\nload\n'], /"torch\.hub\.load"/],
    ['a TorchScript class outside an archive of it', ['c__torch__.x\nY\n'], /"__torch__\.x\.Y"/],
    ['what JavaScript objects inherit', ['cconstructor\nprototype\n'], /"constructor\.prototype"/],
    ['an instruction that is not needed', ['I1\n'], /instruction "I"/],
    ['an instance of Python 2', ['(', 'icopy\nx\n'], /instruction "i"/],
    ['an extension code', [[0x82, 1]], /instruction 0x82/],
    ['an empty stack', ['a'], /never put down/],
    ['a list never opened', ['t'], /never opened/],
    ['a value never kept', ['h\x05'], /never kept/],
    ['text cut off', [[0x58, 200, 0, 0, 0], 'short'], /cut off/],
    ['a huge text', [[0x58, 255, 255, 255, 255]], /cut off/],
    ['a number of 200 bytes', [[0x8a, 200]], /200 bytes/],
    ['a name twice', ['}', '(', text('a'), 'N', text('a'), 'N', 'u'], /"a" stands in it twice/],
    ['a call of a value', ['N', ')', 'R'], /not a function/],
    [
      'a tensor without a storage',
      ['ctorch._utils\n_rebuild_tensor_v2\n', '(', 'N', 'K\x00', ')', ')', 't', 'R'],
      /no storage/,
    ],
  ])('%s', (_, parts, message) => {
    expect(() => read(...parts)).toThrow(message);
  });

  test('a pickle without an end', () => {
    expect(() => readPickle(Buffer.from([0x80, 2, 0x4e]))).toThrow(/cut off/);
  });

  test('a list that holds itself', () => {
    const root = new PickleDict();
    root.entries.set('state_dict', read('}', 'q\x00', text('a'), 'h\x00', 's') as PickleDict);
    expect(() => findWeights(root)).toThrow(/holds itself/);
  });

  test('a long list that is handed to a call over and over', () => {
    const list = [']', 'q\x00', '(', ...Array.from({ length: 5000 }, () => 'N'), 'e'];
    const sizes = ['ctorch\nSize\n', 'q\x01', '0', 'h\x00', [0x85], 'q\x02', '0'];
    const calls = Array.from({ length: 2000 }, () => ['h\x01', 'h\x02', 'R', '0']).flat();
    expect(() => read(...list, ...sizes, ...calls, 'N')).toThrow(/handles more than 1000000 values/);
  });

  test('a name of megabytes for each of many tensors', () => {
    const inner = new PickleDict();
    inner.entries.set('a', new PickleDict());
    const root = new PickleDict();
    root.entries.set('x'.repeat(2_000_000), inner);
    expect(() => findWeights(root)).toThrow(/more than 500 characters/);
  });

  test('lists that share lists so that a few bytes mean a billion of them', () => {
    const parts: string[] = [']', 'q\x00'];
    for (let level = 1; level < 30; level++)
      parts.push(
        ']',
        `q${String.fromCharCode(level)}`,
        `h${String.fromCharCode(level - 1)}`,
        'a',
        `h${String.fromCharCode(level - 1)}`,
        'a',
      );
    expect(() => findWeights(read(...parts))).toThrow(/more than 500000 values/);
  });
});

test('a tensor is a view of a storage: offset, shape and strides', () => {
  const storage = ['(', text('storage'), 'ctorch\nFloatStorage\n', text('0'), text('cpu'), 'K\x0c', 't', 'Q'];
  const value = read(
    'ctorch._utils\n_rebuild_tensor_v2\n',
    '(',
    ...storage,
    'K\x02',
    '(',
    'K\x02',
    'K\x03',
    't',
    '(',
    'K\x01',
    'K\x02',
    't',
    [0x89],
    'ccollections\nOrderedDict\n',
    ')',
    'R',
    't',
    'R',
  );
  expect(value).toBeInstanceOf(PickleTensor);
  const tensor = value as PickleTensor;
  expect([tensor.offset, tensor.shape, tensor.strides, tensor.storage.type, tensor.storage.elements]).toEqual(
    [2, [2, 3], [1, 2], 'FloatStorage', 12],
  );
});
