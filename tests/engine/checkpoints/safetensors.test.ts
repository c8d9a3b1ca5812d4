import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { toFloat32 } from '#main/engine/checkpoints/float-values.ts';
import { openSafetensors, readSafetensors, writeSafetensors } from '#main/engine/checkpoints/safetensors.ts';
import type { StoredTensor } from '#main/engine/checkpoints/tensor-dtypes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'safetensors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const reference = path.join(import.meta.dirname, '../../fixtures/reference');

/** A file with any header and values, however wrong. */
function writeRaw(name: string, header: unknown, data: Uint8Array, headerLength?: number): string {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(headerLength ?? json.length));
  const file = path.join(folder, name);
  writeFileSync(file, Buffer.concat([length, json, data]));
  return file;
}

describe('reading', () => {
  test('the reference file of zero-shot figures has the tensors that its README names', () => {
    const tensors = readSafetensors(path.join(reference, 'zeroshot.safetensors'));
    expect([...tensors.keys()].sort()).toEqual([
      'image_embeds',
      'labels',
      'prompt_embeds',
      'triggered_image_embeds',
    ]);
    expect(tensors.get('prompt_embeds')?.shape).toEqual([12, 5, 24]);
    expect(tensors.get('labels')?.data).toBeInstanceOf(Int32Array);
  });

  test('values are taken from their offsets, at odd ones too', () => {
    const data = new Uint8Array(9);
    new DataView(data.buffer).setFloat32(1, 1.5, true);
    new DataView(data.buffer).setFloat32(5, -2, true);
    data[0] = 7;
    const file = writeRaw(
      'odd.safetensors',
      {
        __metadata__: { format: 'pt' },
        a: { dtype: 'U8', shape: [], data_offsets: [0, 1] },
        b: { dtype: 'F32', shape: [2], data_offsets: [1, 9] },
      },
      data,
    );
    const tensors = readSafetensors(file);
    expect([...tensors.keys()]).toEqual(['a', 'b']);
    expect([...(tensors.get('a')?.data ?? [])]).toEqual([7]);
    expect([...(tensors.get('b')?.data ?? [])]).toEqual([1.5, -2]);
  });

  test.each([
    ['longer than the file', '{}', 0, 1000, /claims 1000 bytes/],
    ['not JSON', '{"a"', 0, undefined, /not JSON/],
    ['not an object', '[1]', 0, undefined, /not a JSON object/],
    ['an entry without offsets', { a: { dtype: 'F32', shape: [1] } }, 4, undefined, /entry a lacks/],
    ['an unknown type', { a: { dtype: 'Q4', shape: [1], data_offsets: [0, 4] } }, 4, undefined, /Q4/],
    [
      'a size that differs',
      { a: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } },
      4,
      undefined,
      /needs 8 bytes, not 4/,
    ],
    [
      'a key of an entry twice',
      '{"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1], "shape": [1]}}',
      1,
      undefined,
      /the name shape stands in its header twice/,
    ],
    ['a name twice', '{"__metadata__": {}, "a\\"" : 1, "a\\u0022": 2}', 0, undefined, /twice/],
    [
      'nine axes',
      { a: { dtype: 'U8', shape: Array(9).fill(1), data_offsets: [0, 1] } },
      1,
      undefined,
      /tensor a has 9 axes/,
    ],
    ['cut off', { a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 5, undefined, /cut off: 5 of 8/],
    [
      'too long',
      { a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } },
      5,
      undefined,
      /1 bytes at its end/,
    ],
    [
      'an overlap',
      {
        a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
        b: { dtype: 'F32', shape: [1], data_offsets: [2, 6] },
      },
      6,
      undefined,
      /tensor b overlaps/,
    ],
    [
      'a gap',
      {
        a: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
        b: { dtype: 'U8', shape: [1], data_offsets: [3, 4] },
      },
      4,
      undefined,
      /2 bytes before tensor b/,
    ],
  ])('a header that is wrong is refused: %s', (name, header, bytes, headerLength, message) => {
    const file = writeRaw(`${name}.safetensors`, header, new Uint8Array(bytes), headerLength);
    expect(() => readSafetensors(file)).toThrow(message);
    expect(() => readSafetensors(file)).toThrow(expect.objectContaining({ kind: 'corrupt-file' }));
  });

  test('a name of megabytes is read in a moment, and shortened in the message', () => {
    const file = writeRaw(
      'long.safetensors',
      { ['x\\'.repeat(3_000_000)]: { dtype: 'Q4' } },
      new Uint8Array(0),
    );
    expect(() => readSafetensors(file)).toThrow(expect.objectContaining({ kind: 'corrupt-file' }));
    try {
      readSafetensors(file);
    } catch (error) {
      expect(String(error).length).toBeLessThan(1000);
    }
  });

  test('a file that is not there, and one too short for a header', () => {
    expect(() => readSafetensors(path.join(folder, 'none'))).toThrow(
      expect.objectContaining({ kind: 'not-found' }),
    );
    const file = path.join(folder, 'short');
    writeFileSync(file, 'abc');
    expect(() => readSafetensors(file)).toThrow(expect.objectContaining({ kind: 'corrupt-file' }));
  });
});

describe('writing', () => {
  const tensors: [string, StoredTensor][] = [
    ['z', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, -0.5, 3e-8, Infinity) }],
    ['a', { dtype: 'U8', shape: [3], data: Uint8Array.of(0, 128, 255) }],
    ['d', { dtype: 'F64', shape: [1], data: Float64Array.of(Math.PI) }],
    ['i', { dtype: 'I64', shape: [2], data: BigInt64Array.of(-1n, 2n ** 62n) }],
    ['h', { dtype: 'F16', shape: [1], data: Uint16Array.of(0x3c00) }],
    ['s', { dtype: 'I16', shape: [1], data: Int16Array.of(-300) }],
    ['c', { dtype: 'I8', shape: [1], data: Int8Array.of(-7) }],
    ['n', { dtype: 'I32', shape: [1], data: Int32Array.of(-70000) }],
    ['b', { dtype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) }],
    ['e', { dtype: 'F32', shape: [0, 4], data: new Float32Array() }],
  ];

  test('every type comes back, and the hash is that of the file', () => {
    const file = path.join(folder, 'all.safetensors');
    const sha256 = writeSafetensors(file, new Map(tensors));
    expect(readSafetensors(file)).toEqual(new Map(tensors));
    expect(sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
    expect(readdirSync(folder).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });

  test('the same tensors in another order give the same file, and values start at a multiple of 8', () => {
    const first = writeSafetensors(path.join(folder, '1.safetensors'), new Map(tensors));
    const second = writeSafetensors(path.join(folder, '2.safetensors'), new Map(tensors.toReversed()));
    expect(second).toBe(first);
    expect(Number(readFileSync(path.join(folder, '1.safetensors')).readBigUInt64LE(0)) % 8).toBe(0);
  });

  test('any names and floats come back', () => {
    const file = path.join(folder, 'any.safetensors');
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((name) => name !== '__metadata__'),
          fc.float32Array({ maxLength: 20 }),
        ),
        (values) => {
          const written = new Map<string, StoredTensor>();
          for (const [name, data] of Object.entries(values)) {
            written.set(name, { dtype: 'F32', shape: [data.length], data });
          }
          writeSafetensors(file, written);
          expect(readSafetensors(file)).toEqual(written);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a tensor whose shape does not fit its values, and a reserved name, are refused', () => {
    const file = path.join(folder, 'bad.safetensors');
    const wrong: StoredTensor = { dtype: 'F32', shape: [3], data: new Float32Array(2) };
    expect(() => writeSafetensors(file, new Map([['a', wrong]]))).toThrow(/Tensor a .* has 8 bytes/);
    const right: StoredTensor = { dtype: 'F32', shape: [2], data: new Float32Array(2) };
    expect(() => writeSafetensors(file, new Map([['__metadata__', right]]))).toThrow(/cannot be called/);
  });
});

test('half precision is widened exactly', () => {
  // IEEE 754 binary16: one, the largest finite number, the smallest subnormal, minus two, minus zero, infinity.
  const data = Uint16Array.of(0x3c00, 0x7bff, 0x0001, 0xc000, 0x8000, 0x7c00);
  const values = toFloat32('h', { dtype: 'F16', shape: [6], data });
  expect([...values]).toEqual([1, 65504, 2 ** -24, -2, -0, Infinity]);
  expect(() => toFloat32('n', { dtype: 'I32', shape: [1], data: new Int32Array(1) })).toThrow(/n holds I32/);
});

test('a name that stands twice in the header is refused, though both mean the same bytes', () => {
  const entry = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
  const file = writeRaw('twice', `{"a":${entry},"a":${entry}}`, new Uint8Array(4));
  expect(() => readSafetensors(file)).toThrow(/the name a stands in its header twice/);
});

test('bfloat16 is the upper half of a float32', () => {
  // 1.5 is 0x3fc00000, -2 is 0xc0000000, the smallest above 1 is 1 + 2 ** -7.
  const data = Uint16Array.of(0x3fc0, 0xc000, 0x3f81);
  expect([...toFloat32('n', { dtype: 'BF16', shape: [3], data })]).toEqual([1.5, -2, 1 + 2 ** -7]);
});

test('notes are written as metadata, and are no tensor when read', () => {
  const file = path.join(folder, 'notes');
  const data = Float32Array.of(1);
  writeSafetensors(file, new Map([['a', { dtype: 'F32', shape: [1], data: () => data }]]), { keys: '["x"]' });
  expect([...readSafetensors(file)]).toEqual([['a', { dtype: 'F32', shape: [1], data }]]);
  const opened = openSafetensors(file);
  expect(opened.notes).toEqual({ keys: '["x"]' });
  expect(opened.tensors.get('a')?.read()).toEqual(data);
  opened.close();
});
