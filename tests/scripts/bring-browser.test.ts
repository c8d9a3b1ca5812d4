import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findHeadlessShell, findInstalledBrowser } from '#scripts/setup/installed-browser.mjs';
import { makePath, repository, runNode } from './run-process.ts';

let folder: string;
let asked: string;
let debian: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccw-browser-'));
  asked = path.join(folder, 'asked');
  debian = path.join(folder, 'os-release');
  writeFileSync(debian, 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Brings a browser, or a part of one, where PATH holds these programs only, Playwright has none and cannot keep one. */
async function bring(scripts: Record<string, string>, osRelease = debian, part = 'bringBrowser') {
  const program = `
    const { ${part} } = await import(${JSON.stringify(path.join(repository, 'scripts/setup/bring-browser.mjs'))});
    console.log(await ${part}({ osRelease: ${JSON.stringify(osRelease)} }));`;
  const end = await runNode(['--input-type=module', '--eval', program], {
    PATH: makePath(scripts),
    HOME: folder,
    PLAYWRIGHT_BROWSERS_PATH: debian, // a file, where a folder would have to be made
  });
  return { ...end, brought: end.stdout.trim() };
}
const commands = () => (existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : []);
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

test.skipIf(process.platform !== 'linux')('an installed browser is taken, and nothing is said', async () => {
  for (const name of ['chromium', 'google-chrome', 'microsoft-edge']) {
    const found = await bring({ [name]: '', 'apt-get': `echo "$*" >> ${asked}` });
    expect(found).toMatchObject({ brought: 'true', stderr: '' });
  }
  expect(commands()).toEqual([]);
});

test.skipIf(!isRoot)('root on Debian gets one from apt-get, which may need its lists first', async () => {
  const apt = `
    echo "$*" >> ${asked}
    case "$1" in
      update) echo > ${folder}/lists ;;
      install) test -e ${folder}/lists || { echo 'E: Unable to locate package chromium'; exit 100; }
        echo '#!/bin/sh' > "$(/usr/bin/dirname "$0")/chromium" ;;
    esac`;
  const { brought, stderr } = await bring({ 'apt-get': apt });
  expect(brought).toBe('true');
  expect(stderr).toContain('Chromium from apt-get');
  const install = 'install -y --no-install-recommends chromium';
  expect(commands()).toEqual([install, 'update', install]);
});

test('says what failed and what to do where none can be had', async () => {
  const other = path.join(folder, 'other-release');
  writeFileSync(other, 'ID=fedora\n');
  const { brought, stderr } = await bring({ 'apt-get': `echo "$*" >> ${asked}` }, other);
  expect(brought).toBe('false');
  expect(stderr).toContain('There is no browser for the tests in a window.');
  expect(stderr).toContain('Playwright could not fetch one');
  expect(stderr).toContain('CCW_CHROMIUM');
  expect(commands()).toEqual([]);
});

test.skipIf(!isRoot)('says what apt-get said where that fails too', async () => {
  const { brought, stderr } = await bring({ 'apt-get': `echo 'E: no network'; exit 100` });
  expect(brought).toBe('false');
  expect(stderr).toContain('E: no network');
});

test.skipIf(!isRoot)(
  'root on Debian gets the headless shell beside Chromium, once, and goes on without',
  async () => {
    const apt = `echo "$*" >> ${asked}; echo 'E: no network'; exit 100`;
    await bring({ chromium: '', 'apt-get': apt }, debian, 'bringHeadlessShell');
    expect(commands()).toEqual(['install -y --no-install-recommends chromium-headless-shell']);
    const shell = { chromium: '', 'chromium-headless-shell': '', 'apt-get': apt };
    const there = await bring(shell, debian, 'bringHeadlessShell');
    expect(there.stderr).toBe('');
    expect(commands()).toHaveLength(1);
    expect(findHeadlessShell({ PATH: makePath(shell) })).toMatch(/chromium-headless-shell$/);
    expect(findHeadlessShell({ PATH: makePath(shell), CCW_CHROMIUM: '/opt/own' })).toBeNull();
  },
);

test('a browser that CCW_CHROMIUM names comes first', () => {
  expect(findInstalledBrowser({ CCW_CHROMIUM: '/opt/own', PATH: makePath({ chromium: '' }) })).toBe(
    '/opt/own',
  );
  if (process.platform === 'linux') expect(findInstalledBrowser({ PATH: folder })).toBeNull();
});
