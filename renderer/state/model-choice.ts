import type { ModelView } from '#contract/api/models.ts';

/** The model that a link or a form refers to: by its id, its run's, or its name. */
export const findModel = (
  models: readonly ModelView[] | undefined,
  reference: string | null,
): ModelView | undefined =>
  models?.find(({ id, runId, name }) => reference !== null && [id, runId, name].includes(reference));

/** A choice of models; `refer` says by what each is chosen. */
export const modelOptions = (models: readonly ModelView[], refer = ({ id }: ModelView) => id) =>
  models.map((model) => ({ value: refer(model), label: model.name.slice(0, 80), note: model.architecture }));
