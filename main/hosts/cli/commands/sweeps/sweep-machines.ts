import { type Command, Option } from 'commander';
import { z } from 'zod';
import { type KeptCheckpoints, keptCheckpoints } from '#main/workbench/sweeps/remote/bring-back.ts';
import type { Cluster } from '#main/workbench/sweeps/remote/cluster.ts';
import { rayCluster } from '#main/workbench/sweeps/remote/ray.ts';
import { slurmCluster } from '#main/workbench/sweeps/remote/slurm.ts';
import { numberOf, UsageError } from '../../options.ts';

/** Options of `sweep run` that say on which machines; those left out are undefined. */
export interface MachineOptions {
  on?: keyof typeof machines;
  shared?: string;
  keep?: KeptCheckpoints;
  cpus?: number;
  gpus?: number;
  address?: string;
  retries?: number;
  python?: string;
  partition?: string;
  time?: string;
}

interface Machines {
  /** Options that others do not have. */
  own: readonly (keyof MachineOptions)[];
  cluster(options: MachineOptions): Cluster;
}

const usual = { address: 'auto', python: process.env.CCW_RAY_PYTHON ?? 'python3', retries: 5 } as const;

const machines = {
  ray: {
    own: ['address', 'retries', 'python'],
    cluster: ({ address, retries, python, cpus = 1, gpus = 0 }) =>
      rayCluster({
        address: address ?? usual.address,
        python: python ?? usual.python,
        retries: retries ?? usual.retries,
        cpus,
        gpus,
      }),
  },
  slurm: {
    own: ['partition', 'time'],
    cluster: ({ partition = null, time = null, cpus = 1, gpus = 0 }) =>
      slurmCluster({ partition, time, cpus, gpus }),
  },
} as const satisfies Record<string, Machines>;
const machineNames = Object.keys(machines);

/** The options that {@link chosenCluster} reads. */
export function addMachineOptions(command: Command): Command {
  return command
    .addOption(new Option('--on <machines>', 'make its runs on other machines').choices(machineNames))
    .option('--shared <folder>', 'for tasks, on a disk that all machines see (default: in the workspace)')
    .addOption(
      new Option('--keep <checkpoints>', 'which checkpoints of a run come back (default: last)').choices(
        keptCheckpoints,
      ),
    )
    .option('--cpus <n>', 'processors of a run (default: 1)', numberOf(z.number().int().min(1)))
    .option('--gpus <n>', 'GPUs of a run (default: 0)', numberOf(z.number().int().min(0)))
    .option(
      '--address <address>',
      `ray: the cluster, HOST:PORT or ray://HOST:PORT (default: ${usual.address})`,
    )
    .option(
      '--retries <n>',
      `ray: how often a run is begun again whose node or program is lost (default: ${usual.retries})`,
      numberOf(z.number().int().min(0)),
    )
    .option('--python <program>', 'ray: a Python with the package ray (default: CCW_RAY_PYTHON or python3)')
    .option('--partition <name>', 'slurm: the partition')
    .option('--time <time>', 'slurm: the time limit of a run, as sbatch takes it');
}

/**
 * The machines that the options name; null: this one.
 * @throws UsageError for an option of other machines
 */
export function chosenCluster(options: MachineOptions): Cluster | null {
  const { on } = options;
  const chosen: Machines | null = on === undefined ? null : machines[on];
  const shared: (keyof MachineOptions)[] = ['shared', 'keep', 'cpus', 'gpus'];
  const allowed = chosen === null ? [] : [...shared, ...chosen.own];
  const all = [
    ...shared,
    ...Object.values(machines).flatMap(({ own }): (keyof MachineOptions)[] => [...own]),
  ];
  const foreign = all.find((name) => options[name] !== undefined && !allowed.includes(name));
  if (foreign === undefined) return chosen?.cluster(options) ?? null;
  const names = Object.entries(machines)
    .filter(([, { own }]) => shared.includes(foreign) || [...own].some((name) => name === foreign))
    .map(([name]) => `--on ${name}`);
  throw new UsageError(`--${foreign} needs ${names.join(' or ')}.`);
}
