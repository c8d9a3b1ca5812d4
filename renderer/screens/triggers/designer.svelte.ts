import type { StoredTriggerView } from '#contract/api/triggers.ts';
import type { SimpleTrigger, Trigger } from '#contract/trigger.ts';
import { type Design, listParts, replacePart, toText } from './design.ts';
import type { Draft } from './draft.ts';
import {
  changeHistory,
  type History,
  redoHistory,
  settleHistory,
  startHistory,
  undoHistory,
} from './history.ts';

/** The design on the screen, with undo and redo over every edit. */
export class Designer {
  #history = $state.raw<History<Design>>() as History<Design>;
  #part = $state(0);
  kept = $state.raw<Draft['kept']>(null);

  constructor(draft: Draft) {
    this.#history = startHistory(draft.design);
    this.kept = draft.kept;
  }

  get design(): Design {
    return this.#history.present;
  }
  get draft(): Draft {
    return { design: this.design, kept: this.kept };
  }
  get parts(): SimpleTrigger[] {
    return listParts(this.design.trigger);
  }
  /** Number of the part that is edited. */
  get at(): number {
    return Math.min(this.#part, this.parts.length - 1);
  }
  set at(part: number) {
    this.#part = part;
  }
  get part(): SimpleTrigger {
    return this.parts[this.at] as SimpleTrigger;
  }
  get canUndo(): boolean {
    return this.#history.past.length > 0;
  }
  get canRedo(): boolean {
    return this.#history.future.length > 0;
  }
  /** Whether the trigger differs from the version that is kept; true where none is. */
  get isChanged(): boolean {
    return this.kept === null || this.kept.text !== toText(this.design);
  }

  /** A change of anything. Changes of one gesture carry the same `step`. */
  edit(change: Partial<Design>, step: string | null = null): void {
    this.#history = changeHistory(this.#history, { ...this.design, ...change }, step);
  }
  editPart(part: SimpleTrigger, step: string | null = null): void {
    this.edit({ trigger: replacePart(this.design.trigger, this.at, part) }, step);
  }
  /** Ends a gesture: the next change is a step of its own. */
  settle(): void {
    if (this.#history.openStep !== null) this.#history = settleHistory(this.#history);
  }
  undo(): void {
    this.#history = undoHistory(this.#history);
  }
  redo(): void {
    this.#history = redoHistory(this.#history);
  }

  /** Says that this kept version is what is designed. */
  keepAs(stored: StoredTriggerView): void {
    const { id, name, version } = stored;
    this.kept = { id, name, version, text: toText(stored) };
  }
  /** Opens a kept version; undo goes back to the trigger before. */
  open(stored: StoredTriggerView): void {
    const { trigger, resolution } = stored;
    this.edit({ trigger, resolution });
    this.#part = 0;
    this.keepAs(stored);
  }
  /** Begins a new trigger from another. */
  begin(trigger: Trigger): void {
    this.edit({ trigger });
    this.#part = 0;
    this.kept = null;
  }
}
