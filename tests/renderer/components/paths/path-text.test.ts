import { expect, test } from 'vitest';
import { nameOfPath, pathOfText, pathOfTyped } from '../../../../renderer/components/paths/path-text.ts';

test('a file: address or an absolute path gives the path', () => {
  expect(pathOfText('file:///data/my%20pairs.csv\r\nfile:///other')).toBe('/data/my pairs.csv');
  expect(pathOfText('# comment\r\nfile:///data/pictures')).toBe('/data/pictures');
  expect(pathOfText('file:///C:/data/pairs.csv')).toBe('C:/data/pairs.csv');
  expect(pathOfText('/data/pairs.csv')).toBe('/data/pairs.csv');
  expect(pathOfText('C:\\data\\pairs.csv')).toBe('C:\\data\\pairs.csv');
});

test('anything else gives none', () => {
  for (const text of ['', 'pairs.csv', 'https://example.org/pairs.csv', 'file:///%E0%A4%A']) {
    expect(pathOfText(text)).toBeNull();
  }
});

test('a path may be pasted with quotes or as a file: address', () => {
  expect(pathOfTyped(' "/data/my pairs.csv" ')).toBe('/data/my pairs.csv');
  expect(pathOfTyped("'C:\\data'")).toBe('C:\\data');
  expect(pathOfTyped('file:///data/my%20pairs.csv')).toBe('/data/my pairs.csv');
  expect(pathOfTyped('pairs.csv')).toBe('pairs.csv');
});

test('a dataset is named after the last part of its path', () => {
  expect(nameOfPath('/data/pairs.CSV')).toBe('pairs');
  expect(nameOfPath('/data/pictures/')).toBe('pictures');
  expect(nameOfPath('C:\\data\\my.pairs.tsv')).toBe('my.pairs');
  expect(nameOfPath('/')).toBe('');
});
