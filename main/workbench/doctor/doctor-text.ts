import type { DeviceFinding } from '#contract/devices/finding.ts';
import type { DoctorReport, WorkspaceState } from '#contract/doctor.ts';

const workspaceStates = {
  absent: 'not made yet',
  ready: 'ready',
  older: 'of an older program: brought up to date when it is opened, after a backup',
  newer: 'of a newer program: cannot be opened',
  damaged: 'its database cannot be read',
  unusable: 'cannot be written',
} satisfies Record<WorkspaceState, string>;

/** A doctor's report as a person reads it, without a line end at its end. */
export function formatDoctor(report: DoctorReport): string {
  const { node, python } = report;
  const rows: [string, string][] = [
    ['program', report.program],
    ['Node', `${node.version} (${node.path})`],
    [
      'machine',
      `${report.platform}, ${report.cores} cores (${report.processor}), ${formatGigabytes(report.memoryBytes)} memory`,
    ],
    ...report.devices.map((device): [string, string] => [
      `device ${device.name}`,
      formatDevice(device, report),
    ]),
    ...report.libraries.map(({ name, version, problem }): [string, string] => [
      name,
      version ?? `missing: ${problem}`,
    ]),
    ['workspace', `${report.workspace.folder} (${workspaceStates[report.workspace.state]})`],
    ...report.disks.map(({ purpose, folder, freeBytes }): [string, string] => [
      `free for ${purpose}`,
      `${freeBytes === null ? 'unknown' : formatGigabytes(freeBytes)} (${folder})`,
    ]),
    [
      'Python',
      python
        ? `${python.version} (${python.path}), ${python.torch ? `torch ${python.torch}` : 'no torch'}`
        : 'none',
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
  const advice = report.advice.map((text) => `- ${text}`);
  return [...lines, '', ...(advice.length > 0 ? ['What to do:', ...advice] : ['Nothing is missing.'])].join(
    '\n',
  );
}

function formatDevice(
  { name, available, version, hardware, folder, problem }: DeviceFinding,
  report: DoctorReport,
): string {
  if (!available) return `not available: ${problem}`;
  const chosen = name === report.chosenDevice ? '; the default' : '';
  return `${version} on ${hardware}${folder === null ? '' : ` (${folder})`}${chosen}`;
}

function formatGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
