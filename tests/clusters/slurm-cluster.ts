import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** SLURM's programs that a cluster of two nodes on this machine needs. */
const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel'];

/** Why there can be no cluster here; null: there can. */
export function findReason(): string | null {
  if (process.getuid?.() !== 0) return 'its daemons here need root';
  const missing = programs.filter((name) => spawnSync('which', [name]).status !== 0);
  return missing.length === 0 ? null : `${missing.join(', ')} are not installed (slurm-wlm, munge)`;
}

export interface SlurmCluster {
  /** For its commands: SLURM_CONF. */
  environment: NodeJS.ProcessEnv;
  /** Kills a node with all that runs on it, as a loss of power does. */
  kill: (node: string) => void;
  stop: () => Promise<void>;
}

/** A real cluster of the nodes n1 and n2, one processor each, all on this machine; its files lie in `folder`. */
export async function startSlurm(folder: string): Promise<SlurmCluster> {
  mkdirSync(join(folder, 'state'), { recursive: true });
  const config = join(folder, 'slurm.conf');
  const [ctld, first, second] = [await freePort(), await freePort(), await freePort()];
  writeFileSync(config, configOf(folder, { ctld, first, second }));
  const key = join(folder, 'munge.key');
  writeFileSync(key, Buffer.alloc(1024, folder), { mode: 0o400 });
  const environment = { ...process.env, SLURM_CONF: config };
  const files = ['pid', 'socket', 'log', 'seed'].map(
    (what) => `--${what === 'socket' ? what : `${what}-file`}=${join(folder, `munge.${what}`)}`,
  );
  const start = (program: string, ...args: string[]) =>
    spawn(program, args, { env: environment, stdio: 'ignore' });
  const children: ChildProcess[] = [
    start('munged', '--foreground', '--force', `--key-file=${key}`, ...files),
  ];
  await wait(1000);
  children.push(start('slurmctld', '-D', '-c'));
  await wait(2000);
  const nodes = new Map(['n1', 'n2'].map((node) => [node, start('slurmd', '-D', '-N', node)]));
  children.push(...nodes.values());
  for (let tries = 0; idleNodes(environment) < 2; tries += 1) {
    if (tries === 60) throw new Error(`The SLURM cluster did not come up: see ${folder}.`);
    await wait(500);
  }
  return {
    environment,
    kill(node) {
      nodes.get(node)?.kill('SIGKILL');
      for (const pid of processesOf(config, node)) process.kill(pid, 'SIGKILL');
    },
    async stop() {
      const ends = children.map((child) => child.exitCode ?? child.signalCode ?? waitFor(child));
      for (const child of children.toReversed()) child.kill('SIGTERM');
      await Promise.all(ends);
    },
  };
}

const waitFor = (child: ChildProcess) => new Promise((resolve) => child.once('close', resolve));

function idleNodes(env: NodeJS.ProcessEnv): number {
  const { stdout } = spawnSync('sinfo', ['--noheader', '--Node', '--format=%N %t'], {
    env,
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((line) => line.endsWith(' idle')).length;
}

function configOf(folder: string, ports: { ctld: number; first: number; second: number }): string {
  const node = (name: string, port: number) =>
    `NodeName=${name} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${port} CPUs=1 State=UNKNOWN`;
  return [
    'ClusterName=ccw',
    `SlurmctldHost=${hostname()}(127.0.0.1)`,
    'AuthType=auth/munge',
    `AuthInfo=socket=${join(folder, 'munge.socket')}`,
    'SlurmUser=root',
    'SlurmdUser=root',
    `StateSaveLocation=${join(folder, 'state')}`,
    `SlurmdSpoolDir=${join(folder, 'spool-%n')}`,
    `SlurmctldPidFile=${join(folder, 'slurmctld.pid')}`,
    `SlurmdPidFile=${join(folder, 'slurmd-%n.pid')}`,
    `SlurmctldLogFile=${join(folder, 'slurmctld.log')}`,
    `SlurmdLogFile=${join(folder, 'slurmd-%n.log')}`,
    `SlurmctldPort=${ports.ctld}`,
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_CPU',
    'MpiDefault=none',
    // A node that says nothing for so long is lost, seconds.
    'SlurmdTimeout=10',
    'AccountingStorageType=accounting_storage/none',
    'JobAcctGatherType=jobacct_gather/none',
    'SlurmdParameters=config_overrides',
    node('n1', ports.first),
    node('n2', ports.second),
    'PartitionName=test Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP',
    '',
  ].join('\n');
}

/** What runs on a node of this cluster: its tasks, and before them SLURM's own process for each, which would report. */
function processesOf(config: string, node: string): number[] {
  const tasks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const environment = read(`/proc/${pid}/environ`).split('\0');
      return environment.includes(`SLURM_CONF=${config}`) && environment.includes(`SLURMD_NODENAME=${node}`);
    });
  const parents = tasks.map((pid) => Number(read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[1]));
  const keepers = parents.filter((pid) => read(`/proc/${pid}/cmdline`).startsWith('slurmstepd'));
  return [...new Set([...keepers, ...tasks])];
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
