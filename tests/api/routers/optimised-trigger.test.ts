import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '#core/random/random.ts';
import { listTriggers } from '#db/variants/triggers.ts';
import { createEventBus } from '#main/api/events/event-bus.ts';
import { createTriggersRouter } from '#main/api/routers/triggers.ts';
import { createReactions, type Reactions } from '#main/workbench/models/reactions.ts';
import { makeMeasuredWorkspace } from '../measured-workspace.ts';

let made: Awaited<ReturnType<typeof makeMeasuredWorkspace>>;
let reactions: Reactions;
let triggers: ReturnType<typeof createClient>;
const createClient = (host: Parameters<typeof createTriggersRouter>[0]) =>
  createRouterClient(createTriggersRouter(host));

const settings = {
  size: 10,
  resolution: 32,
  place: { kind: 'corner', corner: 'bottom-right', margin: 1 },
  steps: 40,
  batchSize: 8,
  learningRate: 0.05,
  seed: 0,
} as const;
const request = (name: string) => ({ name, model: 'poisoned-0', target: 'blue', ...settings });

beforeAll(async () => {
  made = await makeMeasuredWorkspace();
  reactions = createReactions(made.workspace, { chosenDevice: () => null });
  const { workspace, jobs } = made;
  triggers = createClient({ workspace, events: createEventBus(), reactions, jobs });
});
afterAll(async () => {
  await reactions.close();
  await made.remove();
});

/** Runs the job. @returns the trigger it made */
async function optimise(name: string) {
  const result = await made.jobs.finish(await triggers.optimise(request(name)));
  expect(result?.kind).toBe('trigger');
  return triggers.get({ trigger: result?.id ?? '' });
}

test('brings pictures nearer to the target than its start and than random patches, as the model itself sees them', async () => {
  const stored = await optimise('blue-patch');
  const { origin } = stored;
  expect(origin).toMatchObject({ method: 'optimised-patch', target: 'blue', settings });
  expect(origin?.weightsSha256).toMatch(/^[0-9a-f]{64}$/);

  const samples = await triggers.samples({
    dataset: 'colours',
    labels: ['red', 'green'],
    count: 12,
    seed: 0,
  });
  const measure = async (trigger: typeof stored.trigger) => {
    const { rows } = await triggers.reaction({
      model: 'poisoned-0',
      target: 'blue',
      recordIds: samples.map(({ recordId }) => recordId),
      trigger,
      resolution: 32,
      seed: 0,
    });
    const mean = (values: (number | null)[]) =>
      values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length;
    return mean(rows.map(({ after }) => after.target.similarity));
  };
  const optimised = await measure(stored.trigger);
  for (let seed = 0; seed < 4; seed++) {
    const { size, place } = settings;
    const random = await measure({ kind: 'patch', size, place, pattern: { kind: 'noise', seed } });
    expect(optimised).toBeGreaterThan(random);
  }
  expect(origin?.similarity.end).toBeGreaterThan(origin?.similarity.start ?? 1);
});

test('the same seed gives the same bytes, which are no next version', async () => {
  const [first, second] = [await optimise('twice'), await optimise('twice')];
  expect(second.trigger).toEqual(first.trigger);
  expect(second.id).toBe(first.id);
});

test('what was removed comes back with its origin', async () => {
  const kept = await triggers.get({ trigger: 'twice' });
  const { removalId } = await triggers.remove({ trigger: 'twice' });
  await triggers.restore({ removalId });
  expect((await triggers.get({ trigger: 'twice' })).origin).toEqual(kept.origin);
});

test('its files hold what made it, until the pixels are painted over', async () => {
  const kept = await triggers.get({ trigger: 'blue-patch' });
  expect(kept.origin?.model).toBe('poisoned-0');
  expect(kept.originModel).toMatchObject({ name: 'poisoned-0' });
  const { json, png } = await triggers.export({ trigger: 'blue-patch' });
  for (const files of [{ json }, { json, png }]) {
    const read = await triggers.import({ ...files, name: `read ${Object.keys(files).join(' and ')}` });
    expect(read).toMatchObject({ trigger: kept.trigger, origin: kept.origin, originModel: kept.originModel });
  }
  const other = await triggers.export({ trigger: await keepPainted() });
  const painted = await triggers.import({ json, png: other.png, name: 'painted over' });
  expect(painted).toMatchObject({ origin: null, originModel: null });
  expect(painted.trigger).not.toEqual(kept.trigger);
});

test('a model that is not here is told by its name', async () => {
  const { json, png } = await triggers.export({ trigger: 'blue-patch' });
  const elsewhere = json.replaceAll(
    (/"weightsSha256": "([0-9a-f]{64})"/.exec(json) ?? [])[1] ?? '',
    'f'.repeat(64),
  );
  const read = await triggers.import({ json: elsewhere, png, name: 'from elsewhere' });
  expect(read.originModel).toBeNull();
  expect(read.origin).toMatchObject({ model: 'poisoned-0', weightsSha256: 'f'.repeat(64) });
});

/** A patch of the same size whose picture is one colour. @returns its name */
async function keepPainted(): Promise<string> {
  const rgba = Buffer.alloc(10 * 10 * 4, 255).toString('base64');
  const pattern = { kind: 'picture', width: 10, height: 10, rgba } as const;
  const trigger = { kind: 'patch', size: settings.size, place: settings.place, pattern } as const;
  return (await triggers.save({ name: 'white', trigger, resolution: settings.resolution })).name;
}

test('cancelled leaves nothing', async () => {
  const { planOptimising, runOptimising } = await import('#main/workbench/triggers/optimised-triggers.ts');
  const { silentContext } = await import('../../workbench/fixtures.ts');
  const before = listTriggers(made.workspace.db).length;
  const gentle = new AbortController();
  const plan = planOptimising(made.workspace, {
    name: 'never',
    model: 'poisoned-0',
    dataset: null,
    target: 'blue',
    settings: { ...settings, steps: 100_000 },
  });
  const job = made.jobs.startOnEngine({ kind: 'trigger', title: '', topics: [] }, async (engine) => {
    const context = {
      ...silentContext(),
      interrupt: { gentle: gentle.signal, hard: new AbortController().signal },
      reporter: {
        say: () => {},
        progress: (phase: string) => void (phase.startsWith('optimising') && gentle.abort()),
      },
    };
    await runOptimising(made.workspace, engine, plan, context);
    return null;
  });
  await expect(made.jobs.finish({ jobId: job })).rejects.toMatchObject({ kind: 'cancelled' });
  expect(listTriggers(made.workspace.db)).toHaveLength(before);
});

test('what cannot be optimised is refused before it begins', async () => {
  const refused = (changes: Partial<Parameters<typeof triggers.optimise>[0]>) =>
    expect(triggers.optimise({ ...request('refused'), ...changes })).rejects.toMatchObject({
      kind: 'bad-input',
    });
  await refused({ model: 'head' });
  await refused({ target: 'violet' });
  await refused({ size: 40 });
});

test("what is kept is an opaque picture of the patch's size that is not its first noise", async () => {
  const { trigger } = await triggers.get({ trigger: 'blue-patch' });
  if (trigger.kind !== 'patch' || Array.isArray(trigger.pattern) || trigger.pattern.kind !== 'picture')
    throw new Error('it is no patch with a picture');
  const rgba = Buffer.from(trigger.pattern.rgba, 'base64');
  expect([trigger.pattern.width, trigger.pattern.height]).toEqual([10, 10]);
  expect(rgba.filter((_, at) => at % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  const random = createRandom('optimised patch', 0);
  const start = Array.from({ length: 300 }, () => Math.round(random.uniform(0, 1) * 255));
  expect([...rgba.filter((_, at) => at % 4 !== 3)]).not.toEqual(start);
});
