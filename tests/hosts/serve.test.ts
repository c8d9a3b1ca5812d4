import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRequest } from '#contract/api/runs.ts';
import type { Job } from '#contract/api/workspace.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, scratchConfig } from '../workbench/fixtures.ts';
import { runJson } from './run-cli.ts';
import {
  ask,
  askRaw,
  type Client,
  createClient,
  enter,
  type ServedHost,
  serve,
  watchUntil,
} from './serve-host.ts';

let temporary: ReturnType<typeof makeFolder>;
let folder: string;
let host: ServedHost;
let cookie: string;
let client: Client;

beforeAll(async () => {
  temporary = makeFolder();
  folder = join(temporary.folder, 'workspace');
  const workspace = openWorkspace(folder);
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
  host = await serve(folder);
  cookie = await enter(host);
  client = createClient(host, cookie);
});
afterAll(async () => {
  await host.stop();
  temporary.remove();
});

/** 26 training pairs: 3 steps of 8 in an epoch. */
function request(name: string, epochs: number): RunRequest {
  return { name, config: scratchConfig({ epochs, batchSize: 8, warmupSteps: 1 }) };
}

const isOver = (state: Job['state']) => state === 'done' || state === 'failed' || state === 'stopped';

/** Waits for the end of the run's latest job. */
async function waitForJob(runId: string): Promise<Job> {
  const id = (await client.workspace.jobs()).findLast((job) => job.runId === runId)?.id;
  const events = await watchUntil(
    client,
    (event) => event.type === 'job' && event.job.id === id && isOver(event.job.state),
  );
  const last = events.at(-1);
  if (last?.type !== 'job') throw new Error('no job');
  return last.job;
}

/** Waits until metrics of the run came. */
async function waitForStep(runId: string): Promise<void> {
  await watchUntil(client, (event) => event.type === 'metrics' && event.runId === runId);
}

describe('who may ask', () => {
  it('lets the link in, again and again, with a strict cookie named after the port', async () => {
    const path = host.url.slice(host.origin.length);
    for (let time = 0; time < 2; time += 1) {
      const { status, headers } = await ask(host, path);
      expect(status).toBe(303);
      expect(headers.location).toBe('/');
      expect(headers['set-cookie']?.[0]).toMatch(
        new RegExp(`^ccw-${host.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
      );
    }
  });

  it.each([
    ['no cookie', '/', {}],
    ['a wrong token', '/enter?token=wrong', {}],
    ['a wrong cookie', '/', { Cookie: 'ccw-1=x' }],
  ])('refuses %s', async (_name, path, headers) => {
    expect((await ask(host, path, headers)).status).toBe(403);
  });

  it('gives a person without a key a page that takes the link, and no other address', async () => {
    const headers = { Accept: 'text/html' };
    for (const path of ['/', '/enter?token=wrong', '/enter?link=http://evil.example/enter?token=x']) {
      const page = await ask(host, path, headers);
      expect(page.status).toBe(403);
      expect(page.body).toContain('<form action="/enter" method="get">');
      expect(page.body).not.toContain(new URL(host.url).searchParams.get('token'));
      expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    }
    const pasted = await ask(host, `/enter?link=${encodeURIComponent(` ${host.url}\n`)}`, headers);
    expect([pasted.status, pasted.headers.location]).toEqual([303, host.url]);
    for (const other of [
      'https://127.0.0.1/enter?token=x',
      'http://127.0.0.1/?token=x',
      'javascript:alert(1)',
    ])
      expect((await ask(host, `/enter?link=${encodeURIComponent(other)}`, headers)).status).toBe(403);
  });

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io',
    '[fe80::1]',
    '0.0.0.0',
    '192.168.0.1:80',
    '127.0.0.999',
    'localhost.evil',
  ])('refuses the Host %s, cookie or not', async (name) => {
    expect((await ask(host, '/', { Cookie: cookie, Host: name })).status).toBe(403);
    expect((await ask(host, host.url.slice(host.origin.length), { Host: name })).status).toBe(403);
  });

  it.each(['localhost', 'localhost:1', '127.0.0.1:65535', '[::1]:8080', 'LOCALHOST:9000'])(
    'takes the loopback name %s, as through a tunnel',
    async (name) => {
      expect((await ask(host, '/media/p/1', { Cookie: cookie, Host: name })).status).toBe(200);
    },
  );

  it('refuses other origins, other ports of this machine among them', async () => {
    const own = `127.0.0.1:${host.port}`;
    const post = (headers: Record<string, string>) =>
      ask(
        host,
        '/rpc/workspace/settings',
        { Cookie: cookie, Host: own, 'Content-Type': 'application/json', ...headers },
        'POST',
      );
    expect((await post({ Origin: `http://${own}` })).status).toBe(200);
    for (const Origin of ['http://evil.example', 'http://127.0.0.1:1', `https://${own}`, 'null']) {
      expect((await post({ Origin })).status).toBe(403);
    }
    expect(
      (
        await ask(host, '/media/p/1', {
          Cookie: cookie,
          'Sec-Fetch-Site': 'same-site',
          'Sec-Fetch-Mode': 'no-cors',
        })
      ).status,
    ).toBe(403);
  });

  it('sends a strict policy with every answer, refusals included', async () => {
    for (const headers of [{ Cookie: cookie }, {}]) {
      const policy = (await ask(host, '/', headers as Record<string, string>)).headers[
        'content-security-policy'
      ];
      const directives = new Map(
        String(policy)
          .split('; ')
          .map((part) => [part.split(' ')[0], part.split(' ').slice(1)]),
      );
      expect(directives.get('default-src')).toEqual(["'none'"]);
      expect(directives.get('script-src')).toEqual(["'self'"]);
      expect(directives.get('frame-ancestors')).toEqual(["'none'"]);
    }
  });

  it.each([
    '/../package.json',
    '/../../package.json',
    '/%2e%2e/package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/assets/../../../package.json',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/..\\..\\package.json',
    '//package.json',
    '/package.json',
    '/media/p/..%2f..',
    '/media/p/../../../../package.json',
  ])('reaches no file outside the window by %s', async (path) => {
    // As it is written: what makes requests elsewhere takes dots out of a path before it sends it.
    const answer = await askRaw(host, path, cookie);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404) /);
    expect(answer).not.toContain('cleanclip-workbench"');
  });

  it.each(['/media/p/0x1', '/media/p/1e0', '/media/p/+1', '/media/p/1.0', '/media/p/1?size=0x20'])(
    'numbers of pictures are decimal: %s is refused',
    async (path) => {
      expect((await ask(host, '/media/p/1?size=32', { Cookie: cookie })).status).toBe(200);
      expect([400, 404]).toContain((await ask(host, path, { Cookie: cookie })).status);
    },
  );

  it.each(['/nothing', '/runs/x/y/z', '/assets/none', '/rpc/none'])(
    'says that there is nothing at %s',
    async (path) => {
      expect((await ask(host, path, { Cookie: cookie })).status).toBe(404);
    },
  );
});

it('a workspace, its database and the keys of its link are their owner’s alone', () => {
  const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o777;
  for (const name of ['', 'datasets', 'runs', 'cache']) expect(modeOf(name), name).toBe(0o700);
  for (const name of ['workbench.sqlite', 'workbench.sqlite-wal', 'browser-link.json']) {
    expect(modeOf(name), name).toBe(0o600);
  }
});

it('a second host of the workspace takes another port, with the same keys', async () => {
  const other = await serve(folder);
  try {
    expect(other.port).not.toBe(host.port);
    expect(new URL(other.url).search).toBe(new URL(host.url).search);
  } finally {
    await other.stop();
  }
});

describe('calls', () => {
  it('say what is wrong in the workbench’s own terms', async () => {
    await expect(client.runs.get({ run: 'nobody' })).rejects.toMatchObject({
      status: 404,
      data: { kind: 'not-found', message: expect.stringContaining("There is no run 'nobody'") },
    });
    const right = request('wrong', 1);
    const wrong = {
      ...right,
      config: { ...right.config, settings: { ...right.config.settings, epochs: 0 } },
    };
    await expect(client.runs.create(wrong)).rejects.toMatchObject({
      status: 400,
      data: { kind: 'bad-input', message: expect.stringMatching(/^Config, settings, epochs: /) },
    });
    await expect(client.workspace.stopJob({ jobId: 'x' })).rejects.toMatchObject({
      data: { kind: 'not-found' },
    });
  });

  it('give pictures with a hash that saves sending them again', async () => {
    const first = await ask(host, '/media/p/1?size=6', { Cookie: cookie });
    expect(first).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
    const again = await ask(host, '/media/p/1?size=6', {
      Cookie: cookie,
      'If-None-Match': first.headers.etag ?? '',
    });
    expect(again.status).toBe(304);
    expect((await ask(host, '/media/p/1?size=7', { Cookie: cookie })).headers.etag).not.toBe(
      first.headers.etag,
    );
    expect((await ask(host, '/media/p/999', { Cookie: cookie })).status).toBe(404);
    expect((await ask(host, '/media/p/1?size=0', { Cookie: cookie })).status).toBe(400);
  });

  it('keep settings', async () => {
    await client.workspace.saveSettings({ theme: 'dark' });
    expect(await client.workspace.settings()).toEqual({
      theme: 'dark',
      device: 'automatic',
      reducedMotion: 'system',
      sameBits: false,
    });
  });

  it('generate forms whose presets they take', async () => {
    const { methods, selection } = await client.runs.methods();
    for (const { name, parameters, presets } of methods) {
      for (const { settings } of presets) {
        expect(parameters.map((parameter) => parameter.name).sort()).toEqual(Object.keys(settings).sort());
        for (const parameter of parameters) {
          const value = settings[parameter.name];
          if (parameter.kind === 'choice') expect(parameter.choices, name).toContain(value);
          else expect(Number(value), name).toBeGreaterThanOrEqual(parameter.min ?? Number.NEGATIVE_INFINITY);
        }
      }
    }
    expect(selection.find(({ name }) => name === 'fraction')).toMatchObject({
      kind: 'number',
      min: 0,
      max: 1,
    });
  });
});

describe('runs', () => {
  it('are estimated, run, measured against time, and named as done', async () => {
    expect(await client.runs.estimate(request('estimate', 2))).toMatchObject({
      totalSteps: 6,
      records: 26,
      problem: null,
    });
    const { runId } = await client.runs.create(request('short', 2));
    expect(await waitForJob(runId)).toMatchObject({ state: 'done', result: { kind: 'run', id: runId } });
    const run = await client.runs.get({ run: runId });
    expect(run).toMatchObject({ name: 'short', state: 'done', step: 6, queuePlace: null });
    expect(run.lossPreview).toHaveLength(6);
    const series = await client.runs.metrics({ run: runId, names: ['loss', 'epoch_loss'] });
    expect(series.map(({ name, steps }) => [name, steps])).toEqual([
      ['epoch_loss', [3, 6]],
      ['loss', [1, 2, 3, 4, 5, 6]],
    ]);
    expect((await client.runs.log({ run: runId })).map(({ text }) => text).join('\n')).toContain(
      'epoch 2 of 2',
    );
    expect((await client.workspace.info()).engine.state).toBe('ready');
  });

  it('are measured after each epoch where that was asked for, which changes nothing of the training', async () => {
    const { runId } = await client.runs.create({ ...request('measured', 2), evaluateEachEpoch: true });
    expect((await waitForJob(runId)).state).toBe('done');
    const losses = async (run: string) => (await client.runs.metrics({ run, names: ['loss'] }))[0]?.values;
    expect(await losses('measured')).toEqual(await losses('short'));
    const [accuracy] = await client.runs.metrics({ run: runId, names: ['ca'] });
    expect(accuracy?.steps).toEqual([3, 6]);
    // 9 labelled test pictures: shares are ninths.
    for (const value of accuracy?.values ?? []) expect((value * 9) % 1).toBeCloseTo(0, 10);
    // What came after the last epoch is the run's result.
    const [result] = await client.models.evaluations({ model: runId });
    expect(result?.ca.value).toBe(accuracy?.values.at(-1));
  });

  it('stop with a checkpoint and go on from it; what waits can be moved and taken out', async () => {
    const long = await client.runs.create(request('long', 4000));
    const second = await client.runs.create(request('second', 1));
    const third = await client.runs.create(request('third', 1));
    await waitForStep(long.runId);
    expect(await client.runs.move({ run: 'third', place: 1 })).toEqual({ place: 1 });
    const places = (await client.runs.list({})).flatMap(({ name, queuePlace }) =>
      queuePlace === null ? [] : [[name, queuePlace]],
    );
    expect(Object.fromEntries(places)).toEqual({ third: 1, second: 2 });
    expect(await client.runs.stop({ run: 'second' })).toEqual({ stopped: true });
    expect((await client.runs.get({ run: 'second' })).state).toBe('interrupted');
    expect(await client.runs.stop({ run: 'long' })).toEqual({ stopped: true });
    expect((await waitForJob(long.runId)).state).toBe('stopped');
    const stopped = await client.runs.get({ run: 'long' });
    expect(stopped.state).toBe('interrupted');
    expect(stopped.step).toBeGreaterThan(0);
    expect((await waitForJob(third.runId)).state).toBe('done');

    expect(await client.runs.resume({ run: 'long' })).toEqual({ queued: true });
    await watchUntil(
      client,
      (event) => event.type === 'metrics' && event.runId === long.runId && event.step > stopped.step,
    );
    const series = await client.runs.metrics({ run: 'long', names: ['loss'], points: 20_000 });
    const steps = series[0]?.steps ?? [];
    expect(steps.slice(0, stopped.step + 1)).toEqual(
      Array.from({ length: Math.min(steps.length, stopped.step + 1) }, (_, index) => index + 1),
    );

    // The engine is killed in the middle: the run says so, and the next job starts another.
    const pid = engineOf(host.child.pid ?? 0);
    process.kill(pid, 'SIGKILL');
    const killed = await waitForJob(long.runId);
    expect(killed).toMatchObject({
      state: 'stopped',
      message: expect.stringContaining('The training process was killed.'),
      resumable: true,
    });
    expect((await client.runs.get({ run: 'long' })).state).toBe('interrupted');
    await client.runs.resume({ run: 'second' });
    expect((await waitForJob(second.runId)).state).toBe('done');
    expect(engineOf(host.child.pid ?? 0)).not.toBe(pid);
  });

  it('are renamed, noted, archived, and deleted with an undo', async () => {
    await client.runs.rename({ run: 'short', name: 'renamed' });
    await client.runs.note({ run: 'renamed', note: '<b>seen</b>' });
    await client.runs.archive({ run: 'renamed', archived: true });
    expect((await client.runs.list({ archived: true })).map(({ name, note }) => [name, note])).toEqual([
      ['renamed', '<b>seen</b>'],
    ]);
    await expect(client.runs.rename({ run: 'renamed', name: 'third' })).rejects.toMatchObject({
      data: { kind: 'conflict' },
    });
    const { undoToken } = await client.runs.delete({ run: 'renamed' });
    await expect(client.runs.get({ run: 'renamed' })).rejects.toMatchObject({ data: { kind: 'not-found' } });
    await client.runs.undoDelete({ undoToken });
    expect(await client.runs.get({ run: 'renamed' })).toMatchObject({ name: 'renamed', state: 'done' });
  });
});

describe('several programs on one workspace', () => {
  it('stay in step: two windows, and the command line beside them', async () => {
    const other = createClient(host, cookie);
    const seen = watchUntil(other, (event) => event.type === 'changed' && event.topics.includes('settings'));
    await client.workspace.saveSettings({ theme: 'light' });
    await seen;
    const told = watchUntil(client, (event) => event.type === 'changed' && event.topics.includes('variants'));
    await runJson(
      folder,
      'variant',
      'create',
      '--dataset',
      'colours',
      '--trigger',
      'patch',
      '--target',
      'red',
      '--count',
      '4',
      '--patch-size',
      '3',
      '--resolution',
      '12',
    );
    await told;
    expect(await client.variants.list()).toHaveLength(1);
  });
});

it('ends cleanly: what runs is stopped with a checkpoint, what waits still waits', async () => {
  const { runId } = await client.runs.create(request('last', 4000));
  await client.runs.create(request('waiting', 1));
  await waitForStep(runId);
  expect(await host.stop()).toBe(0);
  const workspace = openWorkspace(folder);
  workspace.close();
  const before = host;
  host = await serve(folder);
  // The same link and the same cookie: an open window goes on by itself.
  expect(host.url).toBe(before.url);
  client = createClient(host, cookie);
  const last = await client.runs.get({ run: 'last' });
  expect(last.state).toBe('interrupted');
  expect(last.step).toBeGreaterThan(0);
  expect(await client.runs.get({ run: 'waiting' })).toMatchObject({ state: 'queued', queuePlace: 1 });
  expect(await client.workspace.jobs()).toEqual([]);
});

/** The engine's process id: the only child of the host. */
function engineOf(pid: number): number {
  return Number(
    execFileSync('pgrep', ['-P', String(pid), '-f', 'engine/process'], { encoding: 'utf8' }).trim(),
  );
}

it('answers while another program holds the database, and writes once it lets go', async () => {
  const other = new SqliteDatabase(join(folder, 'workbench.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  let written = false;
  const writing = client.datasets
    .saveView({ name: 'while held', query: { dataset: 'colours' } })
    .finally(() => {
      written = true;
    });
  for (let asked = 0; asked < 5; asked += 1) {
    expect((await client.datasets.get({ dataset: 'colours' })).name).toBe('colours');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(written).toBe(false);
  other.exec('ROLLBACK');
  other.close();
  expect((await writing).name).toBe('while held');
});
