import { z } from 'zod';
import { type PartRequest, partRequestSchema, type VariantRequest } from '#contract/api/variants.ts';
import { splitSchema } from '#contract/dataset.ts';
import type { Trigger } from '#contract/trigger.ts';
import { mostParts } from '#contract/variant.ts';
import { tryParseJson } from '#core/json/try-parse-json.ts';
import type { Query } from '../../../routing/routes.ts';
import { defaultTrigger, triggerRefSchema } from './trigger-choices.ts';

export const steps = ['records', 'trigger', 'captions'] as const;
export type Step = (typeof steps)[number];

const partDraftSchema = partRequestSchema.extend({
  trigger: triggerRefSchema,
  /** Kept, but not used, for all-to-all. */
  target: z.string().min(1),
});
/** A part of a request as the form has it: its trigger is a choice, and what the strategy does not use is kept. */
export type PartDraft = z.output<typeof partDraftSchema>;

/** The form for a new variant; all of it stands in the address. */
export interface Draft {
  step: Step;
  /** Which part the steps show. */
  at: number;
  parts: [PartDraft, ...PartDraft[]];
  /** Pictures are brought to so many pixels a side. */
  resolution: number;
  seed: number;
  /** Empty: made from the recipe. */
  name: string;
  /** The first part takes only these records; null: any that are eligible. */
  these: readonly number[] | null;
}

/** What of a dataset the form begins with. */
export interface DraftGround {
  /** Records that a person chose before they came; left out: none. */
  these?: readonly number[] | null;
  classes: readonly string[];
  trainPairs: number;
}

/** The demo's (shared/demo/recipe.json: poison). */
const usual = { count: 400, resolution: 32, seed: 0 };

/** Of a small dataset at most one pair in so many is poisoned, unless the person says more. */
const usualPart = 10;

/** A part as it is before anything is chosen. */
export function newPart({ classes, trainPairs }: DraftGround): PartDraft {
  return {
    trigger: defaultTrigger,
    target: classes[0] ?? '',
    amount: {
      kind: 'count',
      count: Math.min(usual.count, Math.max(1, Math.floor(trainPairs / usualPart))),
    },
    strategy: 'templates',
    selection: {},
  };
}

/**
 * The form of an address. What it does not hold, or holds wrongly, is as it is in the beginning; classes that the
 * dataset does not have are left out. `trigger` and `target` say what a link from elsewhere begins with.
 */
export function readDraft(search: URLSearchParams, ground: DraftGround): Draft {
  const fresh = newPart(ground);
  const linked = triggerRefSchema.safeParse(search.get('trigger'));
  const wanted = search.get('target');
  const these = ground.these ?? null;
  const first: PartDraft = {
    ...fresh,
    ...(these === null ? {} : partOfThese(these)),
    ...(linked.success ? { trigger: linked.data } : {}),
    ...(wanted !== null && ground.classes.includes(wanted) ? { target: wanted } : {}),
  };
  const read = search
    .getAll('part')
    .slice(0, mostParts)
    .map((text) => readPart(text, fresh, ground));
  const [head = first, ...more] = read;
  const step = steps.find((one) => one === search.get('step')) ?? 'records';
  return {
    step,
    at: wholeOf(search.get('at'), 0, more.length, 0),
    parts: [head, ...more],
    resolution: wholeOf(search.get('resolution'), 1, 4096, usual.resolution),
    seed: wholeOf(search.get('seed'), 0, Number.MAX_SAFE_INTEGER, usual.seed),
    name: (search.get('name') ?? '').slice(0, 1000),
    these,
  };
}

/** All of the chosen records, of whatever split and class. */
const partOfThese = (these: readonly number[]): Pick<PartDraft, 'amount' | 'selection'> => ({
  amount: { kind: 'count', count: these.length },
  selection: { splits: [...splitSchema.options], includeTarget: true },
});

function readPart(text: string, fresh: PartDraft, { classes }: DraftGround): PartDraft {
  const parsed = partDraftSchema.safeParse(tryParseJson(text));
  if (!parsed.success) return fresh;
  const part = parsed.data;
  const { classes: chosen, ...selection } = part.selection;
  const known = chosen?.filter((one) => one === null || classes.includes(one)) ?? [];
  return {
    ...part,
    target: classes.includes(part.target) ? part.target : fresh.target,
    selection: { ...selection, ...(known.length === 0 ? {} : { classes: known }) },
  };
}

/**
 * A warning where the part in hand wants the class that another part wants: a prediction of it would not say whose
 * trigger it was. null where none does.
 */
export function sameTarget({ parts, at }: Pick<Draft, 'parts' | 'at'>): string | null {
  const part = parts[at];
  if (part === undefined || part.strategy === 'all-to-all') return null;
  const other = parts.findIndex(
    (one, index) => index !== at && one.strategy !== 'all-to-all' && one.target === part.target,
  );
  if (other < 0) return null;
  return `Attack ${other + 1} has the target “${part.target}” too. Each attack then raises the other’s success rate, and the two cannot be told apart by the predicted class. Choose another target unless you mean this.`;
}

/** The parts as they stand in an address. */
export const writeParts = (parts: readonly PartDraft[]): Query => ({
  part: parts.map((part) => JSON.stringify(part)),
  trigger: null,
  target: null,
});

/**
 * What the host is asked for.
 * @param resolve the trigger of a choice; null while it is not known, or is known no more
 * @returns null while a trigger is not known
 */
export function toRequest(
  draft: Draft,
  dataset: string,
  resolve: (ref: string, resolution: number) => Trigger | null,
): VariantRequest | null {
  const parts: PartRequest[] = [];
  for (const [place, { trigger: ref, target, captionTemplates, ...part }] of draft.parts.entries()) {
    const trigger = resolve(ref, draft.resolution);
    if (trigger === null) return null;
    parts.push({
      ...part,
      trigger,
      ...(place === 0 && draft.these !== null
        ? { selection: { ...part.selection, recordIds: [...draft.these] } }
        : {}),
      ...(part.strategy === 'all-to-all' ? {} : { target }),
      ...(captionTemplates === undefined || !writesTemplates(part.strategy) ? {} : { captionTemplates }),
    });
  }
  const name = draft.name.trim();
  const { resolution, seed } = draft;
  return { dataset, resolution, seed, parts, ...(name === '' ? {} : { name }) };
}

/** Whether a strategy fills templates. */
export const writesTemplates = (strategy: PartDraft['strategy']): boolean =>
  strategy === 'templates' || strategy === 'all-to-all';

function wholeOf(text: string | null, min: number, max: number, fallback: number): number {
  const number = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isSafeInteger(number) && number >= min && number <= max ? number : fallback;
}
