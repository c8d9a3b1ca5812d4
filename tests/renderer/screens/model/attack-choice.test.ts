import { expect, test } from 'vitest';
import type { AttackView, EvaluationView } from '#contract/api/models.ts';
import { nextClass } from '#contract/variant.ts';
import { attackWords, chooseAttack } from '../../../../renderer/screens/model/attack-choice.ts';
import { compared } from '../compare/compared-run.ts';

const attack = (variant: string, part: number, attacks: number, target = 'dog'): AttackView => ({
  variantId: `id-${variant}`,
  variant,
  part,
  attacks,
  trigger: part === 0 ? 'patch' : 'blended',
  target,
});

function evaluation(id: string, of: AttackView | null): EvaluationView {
  const { evaluation } = compared(id, 5, 5, null);
  if (evaluation === null) throw new Error('It has an evaluation.');
  return { ...evaluation, ...of, id };
}

const [first, second, other] = [attack('many', 0, 2), attack('many', 1, 2), attack('one', 0, 1)];
const nothing = { evaluation: null, attack: null };

test('attacks are named by place, trigger and target, the only one of a variant without a place', () => {
  expect(attackWords(second)).toBe('attack 2 of 2: blended picture → dog');
  expect(attackWords(other)).toBe('patch → dog');
  expect(attackWords(attack('all', 0, 1, nextClass))).toBe('patch → the next class');
});

test('without a wish the newest evaluation of a first attack is shown, as lists do', () => {
  const evaluations = [evaluation('c', second), evaluation('b', first), evaluation('a', first)];
  const choice = chooseAttack(evaluations, [first, second], nothing);
  expect(choice).toMatchObject({ value: 'id-many.1', attack: first, evaluation: { id: 'b' } });
  expect(choice.evaluations.map(({ id }) => id)).toEqual(['b', 'a']);
  const onlySecond = chooseAttack(evaluations.slice(0, 1), [first, second], nothing);
  expect(onlySecond).toMatchObject({ attack: second, evaluation: { id: 'c' } });
});

test('an attack asked for is shown though nothing was measured of it; one that is not there is not', () => {
  const evaluations = [evaluation('a', first)];
  const asked = chooseAttack(evaluations, [first, second, other], { evaluation: null, attack: 'id-many.2' });
  expect(asked).toMatchObject({ attack: second, evaluations: [], evaluation: undefined });
  expect(asked.options.map(({ label }) => label)).toEqual([
    'many, attack 1 of 2: patch → dog',
    'many, attack 2 of 2: blended picture → dog (not measured)',
    'one, patch → dog (not measured)',
  ]);
  const unknown = chooseAttack(evaluations, [first], { evaluation: null, attack: 'id-many.7' });
  expect(unknown).toMatchObject({ attack: first, evaluation: { id: 'a' } });
});

test('an evaluation asked for brings its attack; clean pictures alone are a choice where they were measured', () => {
  const evaluations = [evaluation('c', null), evaluation('b', second), evaluation('a', first)];
  const asked = chooseAttack(evaluations, [first, second], { evaluation: 'b', attack: 'id-many.1' });
  expect(asked).toMatchObject({ value: 'id-many.2', attack: second, evaluation: { id: 'b' } });
  expect(asked.options.at(-1)).toEqual({ value: 'none', label: 'clean pictures only' });
  const clean = chooseAttack(evaluations, [first, second], { evaluation: null, attack: 'none' });
  expect(clean).toMatchObject({ attack: null, evaluation: { id: 'c' } });
  expect(chooseAttack([], [], nothing)).toMatchObject({ options: [], attack: null, evaluation: undefined });
});
