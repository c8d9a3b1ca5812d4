/** How a table of the folder's pictures 0.png to 5.png ends: records kept and rows left out, or the error's kind. */
export type TableVerdict = { kept: number; left: number } | 'bad-input';

const head = 'image,caption,label,split\n';
const good = '0.png,a dog,dog,train\n1.png,a cat,cat,test\n';
const table = (rows: string, kept: number, left: number): [string | Buffer, TableVerdict] => [
  head + rows,
  { kept, left },
];
const refused = (content: string | Buffer): [string | Buffer, TableVerdict] => [content, 'bad-input'];

/** Tables that attack a reader, with what must come of them. A function makes what is too large to keep. */
export const hostileTables: Record<string, () => [string | Buffer, TableVerdict]> = {
  plain: () => table(good, 2, 0),
  mark: () => [`\ufeff${head}${good}`, { kept: 2, left: 0 }],
  'carriage-returns': () => [(head + good).replaceAll('\n', '\r'), { kept: 2, left: 0 }],
  windows: () => [(head + good).replaceAll('\n', '\r\n'), { kept: 2, left: 0 }],
  'no-last-line-end': () => [(head + good).trimEnd(), { kept: 2, left: 0 }],
  'lines-in-quotes': () => table(`0.png,"one\ntwo ""three""",dog,train\n${good.slice(22)}`, 2, 0),
  'latin-1': () => [
    Buffer.concat([Buffer.from(head + good), Buffer.from('2.png,caf\xe9,x,train\n', 'latin1')]),
    { kept: 2, left: 1 },
  ],
  'open-quote': () => table(`2.png,"open,dog,train\n${good}`, 2, 1),
  'text-after-quote': () => table(`2.png,"a"b,dog,train\n${good}`, 2, 1),
  ragged: () => table(`2.png,a\n${good}a,b,c,d,e,f\n`, 2, 2),
  'no-caption': () => table(`2.png,   ,dog,train\n3.png,\u00a0\u3000,dog,train\n${good}`, 2, 2),
  'no-picture': () => table(`,a,dog,train\nnone.png,a,dog,train\n${good}`, 2, 2),
  outside: () =>
    table(
      `../../../../etc/passwd,x,d,train\n/etc/shadow,y,d,train\nfile:///etc/passwd,z,d,train\n${good}`,
      2,
      3,
    ),
  addresses: () => table(`http://127.0.0.1:9/x.png,w,d,train\n${good}`, 2, 1),
  folders: () => table(`.,y,d,train\n..,y,d,train\n${good}`, 2, 2),
  devices: () => table(`/dev/null,x,d,train\n/dev/zero,x,d,train\n/dev/stdin,x,d,train\n${good}`, 2, 3),
  'long-name': () => table(`${'n'.repeat(5_000)}.png,x,d,train\n${good}`, 2, 1),
  'nul-in-folder': () => table(`img\0/2.png,x,d,train\nimg%00/3.png,x,d,train\n${good}`, 2, 2),
  'nul-in-name': () => table(`2\0.png,x,d,train\n${good}`, 2, 1),
  formulas: () => table("2.png,x,=cmd|' /C calc'!A0,train\n3.png,@SUM(1+1),-1+1,test\n", 2, 0),
  prototypes: () => table('2.png,__proto__,__proto__,train\n3.png,constructor,constructor,test\n', 2, 0),
  'unknown-split': () => table(`2.png,x,d,later\n${good}`, 2, 1),
  'loud-split': () => table('2.png,x,d,TRAIN\n3.png,x,d,Valid\n', 2, 0),
  templates: () => table('2.png,{class} {} {label},{},test\n', 1, 0),
  bidirectional: () => table('2.png,\u202eabc,d,train\n3.png,\u{1f600},d,train\n', 2, 0),
  'blank-lines': () => table(`\n\n\n${good}\n\n`, 2, 0),
  'a-long-caption': () => table(`2.png,${'word '.repeat(100_000)},d,train\n${good}`, 3, 0),
  'row-over-1-mib': () => table(`2.png,${'x'.repeat(2_000_000)},d,train\n${good}`, 2, 1),
  'field-of-100-mb': () => table(`2.png,${'x'.repeat(100_000_000)},d,train\n${good}`, 2, 1),
  'quotes-of-50-mb': () => table(good + '"'.repeat(50_000_000), 2, 1),
  'quoted-lines-of-100-mb': () => refused(`${head}${good}2.png,"${'x\n'.repeat(50_000_000)}",d,train\n`),
  'quotes-that-never-close': () => refused(head + good + '"a\n'.repeat(400_000)),
  'a-million-quotes': () => refused(head + good + `${'x"'.repeat(10)}\n`.repeat(1_000_000)),
  'a-million-columns': () =>
    refused(`${Array.from({ length: 1_000_000 }, (_, index) => `c${index}`).join(',')}\n`),
  'one-line-of-100-mb': () => refused('x'.repeat(100_000_000)),
  random: () =>
    refused(
      Buffer.from(
        Array.from({ length: 3_000_000 }, (_, index) => (index * index * 31 + (index >> 3)) & 0xff),
      ),
    ),
  'utf-16': () => [Buffer.from(`\ufeff${head}${good}`, 'utf16le'), { kept: 2, left: 0 }],
  semicolons: () => [(head + good).replaceAll(',', ';'), { kept: 2, left: 0 }],
  tabs: () => [(head + good).replaceAll(',', '\t'), { kept: 2, left: 0 }],
  'a-column-twice': () => refused('image,caption,caption,label\n0.png,a,b,dog\n'),
  'other-columns': () => [`file,caption\n0.png,a\n`, { kept: 1, left: 0 }],
  'unknown-columns': () => refused('a,b,c\n0.png,x,y\n'),
  empty: () => refused(''),
};
