import { expect, test } from 'vitest';
import { isWebAddress } from '#main/data/readers/web-address.ts';

test.each([
  'http://a.example/b.jpg',
  'HTTPS://a.example/b.jpg',
  'ftp://a/b',
  's3://bucket/b.jpg',
  'gs://bucket/b.jpg',
])('%s is an address', (text) => expect(isWebAddress(text)).toBe(true));

test.each(['', 'a/b.jpg', 'https.jpg', 'C:\\pictures\\a.jpg', 'http/a.jpg', 'https:thing.jpg'])(
  '%s is none',
  (text) => expect(isWebAddress(text)).toBe(false),
);
