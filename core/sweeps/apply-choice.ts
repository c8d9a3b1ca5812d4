import { methodNameSchema, methodNames, methodOf } from '#contract/methods/method-registry.ts';
import type { AttackFile, RunFile } from '#contract/run-file.ts';
import type { VariedValue } from '#contract/sweep.ts';
import { badVary } from './bad-vary.ts';

/**
 * A run file with one thing changed. What can be varied:
 * - `method`, `seed`, `architecture`, `model`, `fraction`, `withoutPoisoned`, and every setting of the method by its name;
 * - of the attack, the run's own or that of the nearest run before it: `poisons`, `rate`, `target`, `strategy`, `trigger`
 *   (a kind, or one that is kept), `trigger.size` and so on for its parameters, `resolution`, `attackSeed`;
 * - `chainSeed`: the seeds of the run, of all runs before it and of their attacks at once;
 * - `start.run.NAME`: any of these of the run that it starts from.
 * A setting that the method does not have is left out, so that methods can vary together with the settings of one.
 * @throws WorkbenchError `bad-input` that names what cannot be varied
 */
export function applyChoice(file: RunFile, name: string, value: VariedValue): RunFile {
  const upstream = 'start.run.';
  if (name.startsWith(upstream)) {
    const before = file.start?.run;
    if (before === undefined) throw badVary(name, 'the run does not start from another run of the file');
    return { ...file, start: { run: applyChoice(before, name.slice(upstream.length), value) } };
  }
  const change = changes[name];
  if (change !== undefined) return change(file, value);
  const attackName = name.replace(/^attack\./, '');
  const attackChange = attackName.startsWith('trigger.')
    ? setTriggerParameter(attackName.slice('trigger.'.length))
    : attackChanges[attackName];
  if (attackChange !== undefined)
    return changeNearestAttack(file, name, (attack) => attackChange(attack, value));
  return setSetting(file, name.replace(/^settings\./, ''), value);
}

const changes: Readonly<Record<string, (file: RunFile, value: VariedValue) => RunFile>> = {
  method: changeMethod,
  seed: (file, value) => ({ ...file, seed: asSeed('seed', value) }),
  chainSeed: setChainSeed,
  architecture: (file, value) => ({ ...file, start: { architecture: String(value) } }),
  model: (file, value) => ({ ...file, start: { model: String(value) } }),
  fraction: (file, value) => select(file, { fraction: Number(value) }),
  withoutPoisoned: (file, value) => select(file, { withoutPoisoned: value === true }),
};

type Part = AttackFile['parts'][number];

/** Of an attack with several parts, the first changes. */
const changeFirstPart =
  (change: (part: Part, value: VariedValue) => Part) =>
  (attack: AttackFile, value: VariedValue): AttackFile => {
    const [first, ...others] = attack.parts;
    if (first === undefined) throw badVary('attack', 'it has no parts');
    return withoutResult({ ...attack, parts: [change(first, value), ...others] });
  };

const attackChanges: Readonly<Record<string, (attack: AttackFile, value: VariedValue) => AttackFile>> = {
  poisons: changeFirstPart((part, value) => ({ ...part, amount: { kind: 'count', count: Number(value) } })),
  rate: changeFirstPart((part, value) => ({ ...part, amount: { kind: 'rate', rate: Number(value) } })),
  target: changeFirstPart((part, value) => ({ ...part, target: String(value) })),
  trigger: changeFirstPart((part, value) => ({ ...part, trigger: String(value) })),
  strategy: changeFirstPart((part, value) => ({ ...part, strategy: String(value) as Part['strategy'] })),
  resolution: (attack, value) => withoutResult({ ...attack, resolution: Number(value) }),
  attackSeed: (attack, value) => withoutResult({ ...attack, seed: asSeed('attackSeed', value) }),
};

/** What an attack gave before it was changed says nothing of what it gives now. */
const withoutResult = ({ manifestSha256: _, name: __, ...attack }: AttackFile): AttackFile => attack;

function setTriggerParameter(parameter: string) {
  return changeFirstPart((part, value) => {
    if (typeof part.trigger === 'string') {
      throw badVary(`trigger.${parameter}`, `give the trigger in full, not by the name '${part.trigger}'`);
    }
    return { ...part, trigger: { ...part.trigger, [parameter]: value } as Part['trigger'] };
  });
}

function changeNearestAttack(
  file: RunFile,
  name: string,
  change: (attack: AttackFile) => AttackFile,
): RunFile {
  if (file.attack) return { ...file, attack: change(file.attack) };
  const before = file.start?.run;
  if (before !== undefined) return { ...file, start: { run: changeNearestAttack(before, name, change) } };
  throw badVary(name, 'no run of the file has an attack');
}

function changeMethod(file: RunFile, value: VariedValue): RunFile {
  const { data: method } = methodNameSchema.safeParse(value);
  if (method === undefined)
    throw badVary('method', `there is no '${value}': take one of ${methodNames.join(', ')}`);
  const own = Object.keys(methodOf(method).settings.shape);
  const settings = Object.entries(file.settings ?? {}).filter(([setting]) => own.includes(setting));
  return { ...file, method, settings: Object.fromEntries(settings) };
}

/** Whether what varies says something of this run: a setting that its method does not have says nothing. */
export function appliesTo({ method, start }: RunFile, name: string): boolean {
  const upstream = 'start.run.';
  if (name.startsWith(upstream)) {
    return start?.run !== undefined && appliesTo(start.run, name.slice(upstream.length));
  }
  const setting = name.replace(/^settings\./, '');
  return !isSetting(setting) || setting in methodOf(method).settings.shape;
}

const isSetting = (name: string) => methodNames.some((method) => name in methodOf(method).settings.shape);

function setSetting(file: RunFile, setting: string, value: VariedValue): RunFile {
  if (!isSetting(setting)) {
    throw badVary(setting, 'no method has such a setting');
  }
  if (!(setting in methodOf(file.method).settings.shape)) return file;
  return { ...file, settings: { ...file.settings, [setting]: value } };
}

function setChainSeed(file: RunFile, value: VariedValue): RunFile {
  const seed = asSeed('chainSeed', value);
  const { attack, start } = file;
  return {
    ...file,
    seed,
    ...(attack ? { attack: withoutResult({ ...attack, seed }) } : {}),
    ...(start?.run === undefined ? {} : { start: { run: setChainSeed(start.run, value) } }),
  };
}

function select(file: RunFile, chosen: NonNullable<RunFile['data']['selection']>): RunFile {
  return { ...file, data: { ...file.data, selection: { ...file.data.selection, ...chosen } } };
}

function asSeed(name: string, value: VariedValue): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw badVary(name, `${JSON.stringify(value)} is no seed: give whole numbers from 0`);
}
