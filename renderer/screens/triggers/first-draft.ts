import type { StoredTriggerView } from '#contract/api/triggers.ts';
import { listPresets } from '#core/triggers/trigger-registry.ts';
import { type Design, toText } from './design.ts';
import type { Draft } from './draft.ts';
import { defaultPart, simpleKinds } from './form/part-forms.ts';

/** What a small picture is brought to, and what others are, px (DESIGN.md, data model). */
const small = { most: 96, resolution: 32 };
const usualResolution = 224;

/** The resolution to begin with for pictures of a size, px. */
export const resolutionFor = (longestSide: number): number =>
  longestSide <= small.most ? small.resolution : usualResolution;

/**
 * What the screen begins with: the draft of this tab if it belongs to the address, else the version that the address
 * names, else a new trigger of its kind.
 * @param address the version's id and the kind in the address; null where it has none
 * @param stored the version that the address names; null where it has none
 */
export function beginDraft(
  draft: Draft | null,
  address: { trigger: string | null; kind: string | null },
  stored: StoredTriggerView | null,
  resolution: number,
): Draft {
  const belongs =
    draft !== null &&
    (address.trigger === null || draft.kept?.id === address.trigger) &&
    (address.kind === null || draft.design.trigger.kind === address.kind);
  if (belongs) return draft;
  const design: Pick<Design, 'resolution' | 'seed'> = {
    resolution: draft?.design.resolution ?? resolution,
    seed: draft?.design.seed ?? 0,
  };
  if (stored !== null) {
    const { id, name, version, trigger, resolution } = stored;
    return {
      design: { ...design, trigger, resolution },
      kept: { id, name, version, text: toText(stored) },
    };
  }
  const kind = simpleKinds.find((one) => one === address.kind) ?? 'patch';
  const trigger =
    address.kind === 'composition'
      ? listPresets('composition', design.resolution)[0].trigger
      : defaultPart(kind, design.resolution);
  return { design: { ...design, trigger }, kept: null };
}
