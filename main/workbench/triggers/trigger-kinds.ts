import { z } from 'zod';
import { type CaptionTrigger, captionTriggerSchema } from '#contract/caption-trigger.ts';
import { type Trigger, type TriggerKind, triggerKinds, triggerSchema } from '#contract/trigger.ts';
import { captionTriggerDefinitions } from '#core/captions/caption-trigger-kinds.ts';
import { listPresets, triggerDefinitions } from '#core/triggers/trigger-registry.ts';

/** What is known of a kind of trigger. */
export interface TriggerKindView {
  kind: TriggerKind;
  title: string;
  description: string;
  source: string;
  /** JSON Schema of the parameters, with ranges and descriptions. */
  parameters: Record<string, unknown>;
  presets: { name: string; trigger: Trigger }[];
}

/** What is known of a kind of trigger on the text side. */
export interface CaptionKindView extends Omit<TriggerKindView, 'kind' | 'presets'> {
  kind: CaptionTrigger['kind'];
  presets: { name: string; trigger: CaptionTrigger }[];
}

/** Every kind, in the order in which they are shown. */
export const describeKinds = (resolution: number): TriggerKindView[] =>
  triggerKinds.map((kind) => describeKind(kind, resolution));

/** @throws WorkbenchError `not-found` for an unknown kind */
export function describeKind(kind: TriggerKind, resolution: number): TriggerKindView {
  const { title, description, source } = triggerDefinitions[kind];
  const schema = triggerSchema.options.find(({ shape }) => shape.kind.value === kind);
  const parameters = schema === undefined ? {} : z.toJSONSchema(schema, { io: 'input' });
  return { kind, title, description, source, parameters, presets: listPresets(kind, resolution) };
}

/** Every kind of trigger on the text side. */
export function describeCaptionKinds(): CaptionKindView[] {
  return captionTriggerSchema.options.map((schema) => {
    const kind = schema.shape.kind.value;
    return { kind, ...captionTriggerDefinitions[kind], parameters: z.toJSONSchema(schema, { io: 'input' }) };
  });
}

/** Whether a text names a kind of trigger on the text side. */
export const isCaptionKind = (text: string): text is CaptionTrigger['kind'] =>
  captionTriggerSchema.options.some(({ shape }) => shape.kind.value === text);

/** Whether a text names a kind of trigger. */
export const isTriggerKind = (text: string): text is TriggerKind =>
  triggerKinds.some((kind) => kind === text);
