import { z } from 'zod';
import type { Method, Parameter } from '#contract/api/runs.ts';
import { architectureNames } from '#contract/architectures.ts';
import { type MethodName, methodNames, methodOf } from '#contract/methods/method-registry.ts';
import { pairSelectionSchema, seedSchema } from '#contract/run.ts';

/** Every method with its form, and the fields that all of them have. */
export function listMethods() {
  return {
    methods: methodNames.map(describeMethod),
    selection: describeShape(pairSelectionSchema.shape),
    seed: describeSetting('seed', seedSchema),
    architectures: [...architectureNames],
  };
}

/** Every method as a program reads it: its settings as JSON Schema. */
export function listMethodSchemas() {
  return methodNames.map((name) => {
    const { label, summary, source, needs, settings, presets } = methodOf(name);
    return { name, label, summary, source, needs, settings: z.toJSONSchema(settings), presets };
  });
}

function describeMethod(name: MethodName): Method {
  const { label, summary, source, role, needs, settings, presets } = methodOf(name);
  return {
    name,
    role,
    label,
    summary,
    source,
    needs: { ...needs, imageTowers: needs.imageTowers === null ? null : [...needs.imageTowers] },
    parameters: describeShape(settings.shape),
    presets: presets.map((preset) => ({ ...preset, settings: plainSettings.parse(preset.settings) })),
  };
}

const plainSettings = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));

/** The fields of a shape, from its schemas and their words. */
export function describeShape(shape: z.core.$ZodShape): Parameter[] {
  return Object.entries(shape).map(([name, schema]) => describeSetting(name, schema));
}

/** What of JSON Schema zod writes for our settings. */
const jsonSchemaSchema = z.object({
  title: z.string(),
  description: z.string(),
  step: z.number().optional(),
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
});

function describeSetting(name: string, described: z.core.$ZodType): Parameter {
  const schema = jsonSchemaSchema.parse(z.toJSONSchema(described));
  const max = schema.maximum ?? null;
  const kind = kindOf(schema);
  return {
    name,
    label: schema.title,
    help: schema.description,
    kind,
    min: schema.minimum ?? schema.exclusiveMinimum ?? null,
    // zod bounds integers by what a double holds exactly, which is no limit worth showing
    max: max === Number.MAX_SAFE_INTEGER ? null : max,
    step: schema.step ?? (kind === 'integer' ? 1 : null),
    choices: schema.enum ?? [],
  };
}

function kindOf({ enum: choices, type }: z.infer<typeof jsonSchemaSchema>): Parameter['kind'] {
  if (choices !== undefined) return 'choice';
  if (type === 'boolean') return 'boolean';
  return type === 'integer' ? 'integer' : 'number';
}
