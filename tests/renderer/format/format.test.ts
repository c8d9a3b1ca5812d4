import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatMetric,
  formatPercent,
  formatPoints,
  formatSetting,
} from '../../../renderer/format/numbers.ts';
import { formatAgo, formatDuration } from '../../../renderer/format/times.ts';

test('numbers as people read them', () => {
  expect([formatCount(5772), formatPercent(0.3983), formatPercent(1)]).toEqual(['5,772', '39.8', '100.0']);
  expect([formatPoints(0.038), formatPoints(-0.833), formatPoints(0.0001)]).toEqual([
    '+3.8',
    '−83.3',
    '±0.0',
  ]);
  expect([formatSetting(0.0015), formatSetting(128), formatSetting(0.1), formatSetting(0)]).toEqual([
    '1.5e-3',
    '128',
    '0.1',
    '0',
  ]);
  expect([formatMetric(2.34567), formatMetric(Number.NaN)]).toEqual(['2.346', 'not a number']);
});

test('bytes in decimal units', () => {
  expect([0, 999, 1000, 412e6, 999_600, 78.04e9].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '412 MB',
    '1.0 MB',
    '78.0 GB',
  ]);
});

test('durations and how long ago', () => {
  expect([0.42, 9.96, 59.6, 95, 120, 3600, 7260, 7199].map(formatDuration)).toEqual([
    '0.4 s',
    '10 s',
    '1 min',
    '1 min 35 s',
    '2 min',
    '1 h',
    '2 h 1 min',
    '2 h',
  ]);
  const now = Date.parse('2026-03-01T12:00:00Z');
  const ago = (seconds: number) => formatAgo(new Date(now - seconds * 1000).toISOString(), now);
  expect([10, 360, 3 * 3600, 86_400, 5 * 86_400].map(ago)).toEqual([
    'just now',
    '6 min ago',
    '3 h ago',
    'yesterday',
    '5 days ago',
  ]);
});
