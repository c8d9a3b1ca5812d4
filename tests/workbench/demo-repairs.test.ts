import { expect, it } from 'vitest';
import { repairForDemo } from '#main/workbench/demo-repairs.ts';
import { completeConfig } from '#main/workbench/runs/complete-config.ts';

it("the control has CleanCLIP's pairs, seed and every setting that both methods have", () => {
  const configOf = (method: 'cleanclip' | 'mmcl') =>
    completeConfig(repairForDemo(method, 'poisoned', { id: 'ds_1' }, 3));
  const cleanclip = configOf('cleanclip');
  const control = configOf('mmcl');
  expect({ ...control, method: 'cleanclip', settings: cleanclip.settings }).toEqual(cleanclip);
  expect(cleanclip.settings).toMatchObject(control.settings);
  expect(control.data).toEqual({
    kind: 'dataset',
    id: 'ds_1',
    selection: { fraction: 1, withoutPoisoned: false },
  });
});
