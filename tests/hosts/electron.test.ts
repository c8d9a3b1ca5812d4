import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { chromium } from '@playwright/test';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { findBrowser } from '../e2e/support/find-browser.ts';
import { importSmallDataset, makeFolder, scratchConfig } from '../workbench/fixtures.ts';
import { type Client, watchUntil } from './serve-host.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const lineSchema = z.object({ what: z.string(), value: z.unknown().optional() });
type Told = z.infer<typeof lineSchema>;

let temporary: ReturnType<typeof makeFolder>;
let started: ChildProcess[];
beforeEach(() => {
  temporary = makeFolder();
  started = [];
});
afterEach(async () => {
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  temporary.remove();
});

/** The host's own code on the stand-in for Electron. */
function start(file: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', at('./electron/register.ts'), at(file)], {
    env: { ...process.env, CCW_WORKSPACE: join(temporary.folder, 'workspace'), ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  started.push(child);
  const told: Told[] = [];
  const waiting: (() => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    told.push(lineSchema.parse(JSON.parse(line)));
    for (const wake of waiting.splice(0)) wake();
  });
  child.once('exit', () => {
    for (const wake of waiting.splice(0)) wake();
  });
  /** The first thing of this name that was told from `from` on. */
  const hear = async (what: string, from = 0): Promise<unknown> => {
    for (;;) {
      const found = told.slice(from).find((one) => one.what === what);
      if (found !== undefined) return found.value;
      if (child.exitCode !== null)
        throw new Error(`ended before it told of ${what}: ${JSON.stringify(told)}`);
      await new Promise<void>((resolve) => void waiting.push(resolve));
    }
  };
  const tell = (what: string, value = ''): Promise<unknown> => {
    const from = told.length;
    child.stdin.write(`${JSON.stringify({ do: what, value })}\n`);
    return hear(what, from);
  };
  return { child, told, hear, tell };
}

const loadedSchema = z.object({ url: z.string(), served: z.string() });

it('asks for a private scheme before it is ready, and a window without Node', async () => {
  const host = start('../../main/hosts/electron.ts');
  expect(loadedSchema.parse(await host.hear('load')).url).toBe('ccw://app/');
  const order = host.told.map(({ what }) => what);
  expect(order.indexOf('schemes')).toBeLessThan(order.indexOf('ready'));
  expect(order.indexOf('single-instance-lock')).toBeLessThan(order.indexOf('ready'));
  expect(await host.hear('schemes')).toEqual([
    { scheme: 'ccw', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
  expect(await host.hear('window')).toMatchObject({
    minWidth: 1024,
    minHeight: 700,
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true },
  });
  expect(order).not.toContain('fork');
});

it('lets its page go nowhere, open nothing and get no permission', async () => {
  const host = start('../../main/hosts/electron.ts');
  await host.hear('load');
  expect(await host.tell('navigate', 'https://evil.example/')).toBe(true);
  expect(await host.tell('navigate', 'ccw://app.evil.example/')).toBe(true);
  expect(await host.tell('navigate', 'ccw://app/runs')).toBe(false);
  expect(await host.tell('redirect', 'file:///etc/passwd')).toBe(true);
  expect(await host.tell('webview')).toBe(true);
  expect(await host.tell('open', 'https://evil.example/')).toEqual({ action: 'deny' });
  expect(await host.tell('permission', 'media')).toBe(false);
  expect(await host.hear('permission-check')).toBe(false);
  expect(await host.hear('device-permission')).toBe(false);
  expect(await host.tell('ask', 'ccw://app/')).toBe(200);
  expect(await host.tell('ask', 'ccw://elsewhere/')).toBe(403);
});

it('opens dialogs for its own page only, and shows its window to a second instance', async () => {
  const host = start('../../main/hosts/electron.ts');
  await host.hear('load');
  expect(await host.tell('invoke', 'ccw:pick-folder ccw://app/datasets')).toBe('/chosen');
  expect(await host.tell('invoke', 'ccw:pick-file https://evil.example/')).toContain('may not open dialogs');
  await host.tell('second');
  expect(await host.hear('restore')).toBe(true);
  expect(await host.hear('focus')).toBe(true);

  const second = start('../../main/hosts/electron.ts', { STAND_IN_SECOND: '1' });
  expect(await second.hear('quit')).toBe(true);
  expect(second.told.map(({ what }) => what)).not.toContain('window');
});

it('gives the page dialogs and paths of dropped files, nothing else', async () => {
  const preload = start('../../preload/preload.ts');
  expect(await preload.hear('exposed')).toEqual({
    name: 'ccwDesktop',
    keys: ['pathOfFile', 'pickFile', 'pickFolder'],
  });
});

it('asks before it quits a running run, keeps running where told to, else stops it with a checkpoint', async () => {
  const workspace = openWorkspace(join(temporary.folder, 'workspace'));
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
  const host = start('../../main/hosts/electron.ts');
  const { served } = loadedSchema.parse(await host.hear('load'));
  const client: Client = createORPCClient(new RPCLink({ url: `${served}rpc` }));
  const config = scratchConfig({ epochs: 4000, batchSize: 8, warmupSteps: 1 });
  const { runId } = await client.runs.create({ name: 'long', config });
  await watchUntil(client, (event) => event.type === 'metrics' && event.runId === runId);
  expect(await host.hear('fork')).toMatchObject({ file: expect.stringMatching(/engine\.js$/) });

  await host.tell('answer', '1');
  expect(await host.tell('close')).toBe(true);
  expect(await host.hear('question')).toMatchObject({
    buttons: ['Stop and quit', 'Keep running'],
    cancelId: 1,
  });
  expect((await client.runs.get({ run: runId })).state).toBe('running');

  await host.tell('answer', '0');
  const exited = once(host.child, 'exit');
  host.tell('close').catch(() => {});
  expect(await host.hear('quit')).toBe(true);
  expect((await exited)[0]).toBe(0);
  const after = openWorkspace(join(temporary.folder, 'workspace'));
  const row = after.db.prepare<[], { state: string; step: number }>('SELECT state, step FROM runs').get();
  after.close();
  expect(row?.state).toBe('interrupted');
  expect(row?.step).toBeGreaterThan(0);
});

it('shows its window in a real Chromium through the captured handler', async () => {
  const host = start('../../main/hosts/electron.ts');
  const { served } = loadedSchema.parse(await host.hear('load'));
  const installed = findBrowser();
  const browser = await chromium.launch({
    ...(installed === null ? {} : { executablePath: installed }),
    args: ['--no-sandbox'],
  });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(served);
    await page.getByRole('link', { name: 'Datasets' }).first().waitFor();
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});
