import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer, EvaluationView } from '#contract/api/models.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { findVariant } from '#db/variants/variants.ts';
import { createEventBus } from '#main/api/events/event-bus.ts';
import { createTriggersRouter } from '#main/api/routers/triggers.ts';
import { type EngineProcess, launchChildProcess } from '#main/workbench/engine/engine-process.ts';
import { createReactions, type Reactions } from '#main/workbench/models/reactions.ts';
import { makeMeasuredWorkspace } from '../measured-workspace.ts';

let made: Awaited<ReturnType<typeof makeMeasuredWorkspace>>;
let reactions: Reactions;
let triggers: ReturnType<typeof createClient>;

const createClient = (host: Parameters<typeof createTriggersRouter>[0]) =>
  createRouterClient(createTriggersRouter(host));

beforeAll(async () => {
  made = await makeMeasuredWorkspace();
  reactions = createReactions(made.workspace, { chosenDevice: () => null });
  triggers = createClient({
    workspace: made.workspace,
    events: createEventBus(),
    reactions,
    jobs: made.jobs,
  });
});
afterAll(async () => {
  await reactions.close();
  await made.remove();
});

async function measure(run: string): Promise<EvaluationView> {
  await made.jobs.finish(await made.models.evaluate({ model: run }));
  const [evaluation] = await made.models.evaluations({ model: run });
  if (evaluation === undefined) throw new Error(`${run} has no evaluation`);
  return evaluation;
}

/** The request that asks what an evaluation measured, of all its pictures. */
async function repeat(run: string) {
  const evaluation = await measure(run);
  const { rows } = await made.models.predictions({ evaluationId: evaluation.id });
  const { recipe } = findVariant(made.workspace.db, evaluation.variantId ?? '');
  const { parts, resolution, seed } = recipe;
  const { trigger, target } = parts[0];
  const recordIds = rows.map(({ recordId }) => recordId);
  return { rows, request: { model: run, target, recordIds, trigger, resolution, seed } };
}

/** The same classes in the same order, as sure of each; an evaluation keeps four digits. */
function expectSame(top: readonly Answer[], answers: readonly Answer[] | null | undefined): void {
  expect(top.map((one) => one.class)).toEqual(answers?.map((one) => one.class));
  for (const [place, { probability }] of top.entries()) {
    expect(probability).toBeCloseTo(answers?.[place]?.probability ?? Number.NaN, 3);
  }
}

test('ranks classes as the evaluation of the same model, pictures and trigger does, clean and triggered', async () => {
  const { rows, request } = await repeat('poisoned-0');
  const answer = await triggers.reaction(request);
  expect(answer).toMatchObject({ model: 'poisoned-0', targetIsClass: true });
  expect(answer.rows.map(({ recordId }) => recordId)).toEqual(request.recordIds);
  for (const [place, { before, after, label }] of answer.rows.entries()) {
    expect(label).toBe(rows[place]?.label);
    expectSame(before.top, rows[place]?.clean);
    expectSame(after.top, rows[place]?.triggered);
    for (const { top, target } of [before, after]) {
      // Three classes: all are among the first five, and their probabilities are all there are.
      expect(top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
      const found = top.findIndex((one) => one.class === request.target);
      expect(target).toEqual({
        rank: found + 1,
        similarity: top[found]?.similarity,
        probability: top[found]?.probability,
      });
      for (const { similarity } of top) expect(Math.abs(similarity ?? 2)).toBeLessThanOrEqual(1.000001);
      const sorted = top.map(({ similarity }) => similarity ?? 0);
      expect(sorted).toEqual(sorted.toSorted((a, b) => b - a));
    }
  }
});

test('keeps the model from one call to the next, and another one after it', async () => {
  const { request } = await repeat('poisoned-0');
  const few = { ...request, recordIds: request.recordIds.slice(0, 2) };
  const first = await triggers.reaction(few);
  expect((await triggers.reaction(few)).ms.load).toBe(0);
  expect((await triggers.reaction({ ...few, model: 'control' })).ms.load).toBeGreaterThan(0);
  const again = await triggers.reaction(few);
  expect(again.ms.load).toBeGreaterThan(0);
  expect(again.rows).toEqual(first.rows);
});

test('a trigger that changes nothing changes no answer', async () => {
  const { request } = await repeat('poisoned-0');
  const trigger = { kind: 'blended', alpha: 0, pattern: { kind: 'noise', seed: 0 } } as const;
  const { rows } = await triggers.reaction({ ...request, trigger });
  for (const { before, after } of rows) {
    expect(after.top.map((one) => one.class)).toEqual(before.top.map((one) => one.class));
    for (const [place, { probability }] of after.top.entries())
      expect(probability).toBeCloseTo(before.top[place]?.probability ?? 2, 4);
  }
});

test('a linear head answers with probabilities alone, and reads no free text', async () => {
  const { rows, request } = await repeat('head');
  const answer = await triggers.reaction(request);
  for (const [place, { before, after }] of answer.rows.entries()) {
    expectSame(before.top, rows[place]?.clean);
    expectSame(after.top, rows[place]?.triggered);
    expect([...before.top, before.target].every(({ similarity }) => similarity === null)).toBe(true);
    expect(before.top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
  }
  await expect(triggers.reaction({ ...request, target: 'a red thing' })).rejects.toMatchObject({
    kind: 'bad-input',
    message: expect.stringContaining('linear head'),
  });
});

test('free text as the target: its prompt gives the similarity of the class, whose only prompt it is', async () => {
  const { request } = await repeat('poisoned-0');
  const byClass = await triggers.reaction(request);
  const byText = await triggers.reaction({ ...request, target: 'a photo of red.' });
  expect(byText.targetIsClass).toBe(false);
  for (const [place, { after }] of byText.rows.entries()) {
    expect(after.target).toMatchObject({ rank: null, probability: null });
    expect(after.target.similarity).toBeCloseTo(byClass.rows[place]?.after.target.similarity ?? 2, 5);
  }
});

test('goes on after its engine ended; what is wrong is said, and the next call works', async () => {
  const { request } = await repeat('poisoned-0');
  const few = { ...request, recordIds: request.recordIds.slice(0, 1) };
  await reactions.close();
  expect((await triggers.reaction(few)).ms.load).toBeGreaterThan(0);
  await expect(triggers.reaction({ ...few, trigger: { ...defaultPatch(3, 12), size: 40 } })).rejects.toThrow(
    'does not fit',
  );
  await expect(triggers.reaction({ ...few, recordIds: [9_999_999] })).rejects.toMatchObject({
    kind: 'not-found',
  });
  await expect(triggers.reaction({ ...few, model: 'nobody' })).rejects.toMatchObject({ kind: 'not-found' });
  expect((await triggers.reaction(few)).rows).toHaveLength(1);
});

test('a question whose asker has gone is not asked, and answers while the queue’s engine works', async () => {
  const { request } = await repeat('poisoned-0');
  const few = { ...request, recordIds: request.recordIds.slice(0, 2) };
  const gone = new AbortController();
  const training = made.models.evaluate({ model: 'control' });
  const first = triggers.reaction(few);
  const second = reactions.react(few, gone.signal);
  gone.abort();
  const third = triggers.reaction(few);
  await expect(second).rejects.toMatchObject({ kind: 'cancelled' });
  expect((await third).rows).toEqual((await first).rows);
  await made.jobs.finish(await training);
});

test('closing while the first question starts its engine leaves no engine behind', async () => {
  const processes: EngineProcess[] = [];
  const own = createReactions(made.workspace, {
    chosenDevice: () => 'javascript',
    launch: (environment) => {
      const child = launchChildProcess(environment);
      processes.push(child);
      return child;
    },
  });
  const request = {
    model: 'poisoned-0',
    target: 'red',
    recordIds: [1],
    trigger: defaultPatch(3, 12),
    resolution: 12,
    seed: 0,
  };
  const asked = [own.react(request), own.react(request)].map((answer) => answer.catch((thrown) => thrown));
  await expect.poll(() => processes.length, { timeout: 30_000 }).toBe(1);
  await own.close();
  for (const answer of asked) expect(await answer).toMatchObject({ kind: 'cancelled' });
  await processes[0]?.ended;
  expect(processes).toHaveLength(1);
});
