import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DoctorReport } from '#contract/doctor.ts';
import { openDatabase } from '#db/open.ts';
import { openLibrary } from '#main/engine/tensorflow/open-library.ts';
import { examine, formatDoctor } from '#main/workbench/doctor/doctor.ts';
import { locateTensorflow, tensorflowIsThere } from '#scripts/setup/tensorflow-location.mjs';

/** As the system's loader finds it; a machine may have one without a GPU. */
const hasNvidiaDriver = openLibrary('libcuda.so.1') === null;

let folder: string;
const before = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccw-doctor-'));
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true, force: true });
});

function device(report: DoctorReport, name: string) {
  const found = report.devices.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no device ${name} in the report`);
  return found;
}

describe('devices', () => {
  test.runIf(tensorflowIsThere())('TensorFlow from the cache, with its version', async () => {
    const report = await examine({ workspace: folder });
    const { available, version, hardware, problem } = device(report, 'cpu');
    expect({ available, version, problem }).toEqual({ available: true, version: '2.21.0', problem: null });
    expect(hardware).toBe('CPU');
    expect(report.chosenDevice).toBe('cpu');
  });

  test.skipIf(locateTensorflow() === null)(
    'an empty cache: wasm serves, and the advice says what to do',
    async () => {
      process.env.CCW_CACHE = path.join(folder, 'cache');
      const report = await examine({ workspace: folder });
      expect(device(report, 'cpu')).toMatchObject({ available: false, version: null });
      expect(device(report, 'wasm')).toMatchObject({ available: true, version: '4.22.0' });
      expect(report).toMatchObject({ ok: true, chosenDevice: 'wasm' });
      expect(report.advice.some((line) => line.startsWith('cpu: '))).toBe(true);
    },
  );

  test.skipIf(hasNvidiaDriver)('a machine without an NVIDIA driver says so, and for how much', async () => {
    const report = await examine({ workspace: folder });
    const { available, problem, advice } = device(report, 'cuda');
    expect(available).toBe(false);
    expect(problem).toBe(
      process.platform === 'linux' && process.arch === 'x64'
        ? 'no NVIDIA driver: libcuda.so.1 not found.'
        : `TensorFlow publishes no CUDA libraries for ${process.platform} ${process.arch}.`,
    );
    expect(advice).not.toBeNull();
    expect(formatDoctor(report)).toContain('not available: ');
  });

  test.skipIf(locateTensorflow() === null)(
    'why the last set-up went without TensorFlow is told again',
    async () => {
      process.env.CCW_CACHE = folder;
      const kept = { kind: 'no-pip', message: 'python3 has no pip', advice: 'Install pip' };
      writeFileSync(`${locateTensorflow()!.folder}.problem.json`, JSON.stringify(kept));
      const report = await examine({ workspace: folder });
      expect(device(report, 'cpu')).toMatchObject({ problem: kept.message, advice: kept.advice });
    },
  );

  test.skipIf(locateTensorflow() === null)(
    'libraries that are damaged are reported, not fallen over',
    async () => {
      process.env.CCW_CACHE = folder;
      const library = locateTensorflow()!;
      mkdirSync(library.folder);
      for (const file of [library.cc, library.framework]) writeFileSync(file, 'not a library');
      const report = await examine({ workspace: folder });
      const { available, problem, advice } = device(report, 'cpu');
      expect(available).toBe(false);
      expect(problem).toContain('does not load');
      expect(advice).toContain(library.folder);
    },
  );
});

describe('the workspace', () => {
  const database = () => path.join(folder, 'workbench.sqlite');

  test('a folder that is not there is not made', async () => {
    const workspace = path.join(folder, 'none');
    const report = await examine({ workspace });
    expect(report.workspace).toEqual({ folder: workspace, state: 'absent' });
    expect(report.ok).toBe(true);
  });

  test('one of this program is ready', async () => {
    openDatabase(database()).close();
    expect((await examine({ workspace: folder })).workspace.state).toBe('ready');
  });

  test('one of a newer program is named and left alone', async () => {
    const db = openDatabase(database());
    db.pragma('user_version = 9999');
    db.close();
    const report = await examine({ workspace: folder });
    expect(report.workspace.state).toBe('newer');
    expect(report.ok).toBe(false);
    expect(report.advice.join('\n')).toContain('newer program');
  });

  test('a file that is no database is damaged', async () => {
    writeFileSync(database(), 'this is not a database, not at all, '.repeat(100));
    const report = await examine({ workspace: folder });
    expect(report.workspace.state).toBe('damaged');
    expect(report.ok).toBe(false);
  });
});

test('the report survives JSON, and its text names what a person looks for', async () => {
  const report = await examine({ workspace: folder });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report.node.version).toBe(process.versions.node);
  for (const library of ['TensorFlow.js', 'SQLite', 'sharp', 'libvips', 'koffi']) {
    expect(report.libraries.find(({ name }) => name === library)?.version).toMatch(/^\d+\.\d+/);
  }
  for (const { freeBytes } of report.disks) expect(freeBytes).toBeGreaterThan(0);
  const text = formatDoctor(report);
  for (const word of [report.node.version, 'device cpu', 'device wasm', 'SQLite', folder, 'free for']) {
    expect(text).toContain(word);
  }
});
