import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acEntry, addRun, buildTable, endOfBlock } from '#main/data/pictures/jpeg/huffman.ts';

/** Symbols of AC, run and size: the end of a block, sixteen zeros, and others. */
const symbol = fc.constantFrom(0x00, 0xf0, 0x01, 0x02, 0x11, 0x05, 0x0a, 0x31, 0x72, 0xf1, 0xfa);

test('a run of codes ends where stepping over them one by one does', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(symbol, { minLength: 2, maxLength: 11 }),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 11, maxLength: 11 }),
      fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 20, maxLength: 20 }),
      (symbols, longer, patterns) => {
        // As ITU-T T.81, C.2, gives codes: by their length, each the one before it and one more.
        const counts = new Uint8Array(16);
        const codes = new Map<string, number>();
        let bits = 1;
        let code = 0;
        for (const [at, one] of symbols.entries()) {
          // Room is left for those that follow, and the code of ones alone for nobody.
          const more = Math.min(16 - bits, (longer[at] ?? 0) + (code + 2 >= 1 << bits ? 1 : 0));
          bits += more;
          code <<= more;
          codes.set(code.toString(2).padStart(bits, '0'), one);
          counts[bits - 1]! += 1;
          code += 1;
        }
        const table = buildTable(counts, Uint8Array.from(symbols), acEntry)!;
        for (const pattern of patterns) {
          const written = pattern.toString(2).padStart(16, '0');
          let taken = 0;
          let advance = 0;
          for (let end = 1; end <= 16 && advance < endOfBlock; end += 1) {
            const found = codes.get(written.slice(taken, end));
            if (found === undefined) continue;
            const behind = end + (found & 15);
            const goesOn = found === 0x00 ? endOfBlock : (found >> 4) + 1;
            if (behind > 16 && taken > 0) break;
            if (found !== 0x00 && advance + goesOn >= endOfBlock) break;
            [taken, advance, end] = [behind, advance + goesOn, behind];
          }
          expect(addRun(table, pattern)).toBe(taken | (advance << 5));
          expect(table.runs[pattern]).toBe(taken | (advance << 5));
        }
      },
    ),
    { numRuns: 300 },
  );
});
