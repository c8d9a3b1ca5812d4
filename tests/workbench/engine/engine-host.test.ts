import { afterEach, expect, test } from 'vitest';
import { createEngineHost, type EngineHost } from '#main/workbench/engine/engine-host.ts';
import { type EngineProcess, launchChildProcess } from '#main/workbench/engine/engine-process.ts';

const hosts: EngineHost[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

function hostWithProcesses() {
  const processes: { child: EngineProcess; environment: Readonly<Record<string, string>> }[] = [];
  const states: string[] = [];
  const host: EngineHost = createEngineHost({
    launch: (environment) => {
      const child = launchChildProcess(environment);
      processes.push({ child, environment });
      return child;
    },
    environment: () => ({ OF_THIS_HOST: 'yes' }),
    idleMs: 60_000,
    changed: () => states.push(host.status().state),
  });
  hosts.push(host);
  return { host, processes, states };
}

test('an engine is kept for the next job, and one that was killed is replaced', async () => {
  const { host, processes, states } = hostWithProcesses();
  expect(host.status()).toEqual({ state: 'off', environment: null, message: null });
  // Asked twice at once, as a window and a timer may.
  const [first, second] = await Promise.all([host.start('javascript'), host.start('javascript')]);
  expect(second).toBe(first);
  expect(processes).toHaveLength(1);
  expect(processes[0]?.environment.OF_THIS_HOST).toBe('yes');
  host.rest();
  expect(await host.start('javascript')).toBe(first);
  expect(host.status()).toMatchObject({ state: 'ready', environment: { deviceName: 'javascript' } });
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  const third = await host.start('javascript');
  expect(third.pid).not.toBe(first.pid);
  await host.close();
  await third.ended;
  expect(states).toEqual(['starting', 'ready', 'off', 'starting', 'ready', 'off']);
});

test('closing in the moment of a start leaves no engine behind', async () => {
  const { host, processes } = hostWithProcesses();
  const starting = host.start('javascript');
  await host.close();
  await (await starting).ended;
  await Promise.all(processes.map(({ child }) => child.ended));
  expect(host.status().state).toBe('off');
});
