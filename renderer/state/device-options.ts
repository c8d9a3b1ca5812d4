import type { DeviceFinding } from '#contract/devices/finding.ts';
import { type DeviceName, deviceNames, devices } from '#contract/devices/index.ts';

/** `automatic`: the processor with TensorFlow, or WebAssembly where that cannot be loaded. */
export type DeviceChoice = DeviceName | 'automatic';

/**
 * The devices as a list to choose from. One that this machine lacks says so, and can be chosen none the less where it
 * is chosen already; `findings` is undefined while the machine is looked at.
 */
export function deviceOptions(
  findings: readonly DeviceFinding[] | undefined,
  chosen: DeviceChoice,
): { value: DeviceChoice; label: string; disabled?: boolean }[] {
  const named = deviceNames.flatMap((name) => {
    const finding = findings?.find((candidate) => candidate.name === name);
    if ('forTests' in devices[name] && name !== chosen) return [];
    const lacking = finding !== undefined && !finding.available;
    const label = lacking ? `${devices[name].label} (not available)` : devices[name].label;
    return [{ value: name, label, disabled: lacking && name !== chosen }];
  });
  return [{ value: 'automatic', label: 'Automatic' }, ...named];
}

/** Why each device that this machine lacks cannot be used, and what to do about it. */
export function deviceProblems(findings: readonly DeviceFinding[]): { label: string; text: string }[] {
  return findings
    .filter(({ available }) => !available)
    .map(({ name, problem, advice }) => ({
      label: devices[name].label,
      text: [problem, advice].filter((text) => text !== null).join(' '),
    }));
}
