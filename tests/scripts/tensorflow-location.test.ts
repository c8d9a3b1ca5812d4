import { describe, expect, test } from 'vitest';
import {
  cacheFolder,
  locateTensorflow,
  type Machine,
  tensorflowRelease,
} from '#scripts/setup/tensorflow-location.mjs';

const linux: Machine = { platform: 'linux', arch: 'x64', env: {}, home: '/home/ada' };
const mac: Machine = { platform: 'darwin', arch: 'arm64', env: {}, home: '/Users/ada' };
const windows: Machine = { platform: 'win32', arch: 'x64', env: {}, home: 'C:\\Users\\ada' };

describe('the shared cache', () => {
  test.each([
    [linux, {}, '/home/ada/.cache/cleanclip-workbench'],
    [linux, { XDG_CACHE_HOME: '/var/cache/ada' }, '/var/cache/ada/cleanclip-workbench'],
    [linux, { XDG_CACHE_HOME: '/var/cache/ada', CCW_CACHE: '/big/disk' }, '/big/disk'],
    [linux, { XDG_CACHE_HOME: '', CCW_CACHE: '' }, '/home/ada/.cache/cleanclip-workbench'],
    [mac, {}, '/Users/ada/Library/Caches/cleanclip-workbench'],
    [windows, { LOCALAPPDATA: 'D:\\Local' }, 'D:\\Local\\cleanclip-workbench'],
    [windows, {}, 'C:\\Users\\ada\\AppData\\Local\\cleanclip-workbench'],
  ])('%o with %o', (machine, env, expected) => {
    expect(cacheFolder({ ...machine, env })).toBe(expected);
  });
});

describe('the two libraries', () => {
  test('lie on Linux x64 under the name of the package that they come from', () => {
    expect(locateTensorflow({ ...linux, env: { CCW_CACHE: '/c' } })).toEqual({
      folder: '/c/tensorflow-cpu-2.21.0-linux-x64',
      cc: '/c/tensorflow-cpu-2.21.0-linux-x64/libtensorflow_cc.so.2',
      framework: '/c/tensorflow-cpu-2.21.0-linux-x64/libtensorflow_framework.so.2',
      version: '2.21.0',
    });
  });

  test('come on Linux arm64 and macOS from the package tensorflow, as the wheels there hold them', () => {
    const arm = locateTensorflow({ ...linux, arch: 'arm64', env: { CCW_CACHE: '/c' } });
    expect(arm?.cc).toBe('/c/tensorflow-2.21.0-linux-arm64/libtensorflow_cc.so.2');
    const apple = locateTensorflow({ ...mac, env: { CCW_CACHE: '/c' } });
    expect(apple?.framework).toBe('/c/tensorflow-2.21.0-darwin-arm64/libtensorflow_framework.2.dylib');
  });

  test('are nowhere on other machines', () => {
    expect(locateTensorflow(windows)).toBeNull();
    expect(locateTensorflow({ ...mac, arch: 'x64' })).toBeNull();
    expect(locateTensorflow({ ...linux, arch: 'riscv64' })).toBeNull();
  });

  test('are pinned by a whole SHA-256, one for each wheel', () => {
    const releases = [linux, { ...linux, arch: 'arm64' }, mac].map((machine) => tensorflowRelease(machine));
    const hashes = releases.map((release) => release?.sha256);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(hashes).size).toBe(3);
    for (const release of releases) expect(release?.wheel).toContain(release?.platformTag);
  });
});
