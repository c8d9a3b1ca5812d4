import { createQuery, keepPreviousData } from '@tanstack/svelte-query';
import { queries } from '../../../api/queries.ts';
import { type Design, orderOf } from '../design.ts';
import type { StudioSample } from '../studio.svelte.ts';

/** How many pictures are shown at once. */
export const sampleCount = 6;

/** Which pictures to design on. */
export interface SampleChoice {
  /** Id of the dataset; null: plain grey. */
  dataset: string | null;
  seed: number;
  design: Design;
}

/**
 * Pictures to design on, as the host draws them from a dataset, or plain grey. To be called while a component is made.
 * @returns `list` is empty while other pictures come
 */
export function createSamples(choose: () => SampleChoice) {
  const query = createQuery(() => {
    const { dataset, seed, design } = choose();
    return {
      ...queries.triggers.samples({
        dataset: dataset ?? '',
        count: sampleCount,
        seed,
        resolution: design.resolution,
      }),
      enabled: dataset !== null,
      placeholderData: keepPreviousData,
    };
  });
  const list = $derived.by((): StudioSample[] => {
    const { dataset, design } = choose();
    if (dataset === null) return listGrey(design.resolution);
    // While other pictures come, those of another size would be wrong; the pixels on the screen stay meanwhile.
    if (query.isPlaceholderData) return [];
    const isBefore = orderOf(design.trigger) === 'before';
    return (query.data ?? []).map(({ full, square, thumbnail: _, ...sample }) => ({
      ...sample,
      address: isBefore ? full : square,
    }));
  });
  return {
    query,
    get list() {
      return list;
    },
  };
}

const listGrey = (side: number): StudioSample[] =>
  Array.from({ length: sampleCount }, (_, at) => ({
    recordId: null,
    address: null,
    key: `grey ${at + 1}`,
    caption: 'Plain grey',
    label: null,
    width: side,
    height: side,
  }));
