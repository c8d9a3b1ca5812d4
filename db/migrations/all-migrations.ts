import { firstTables } from './001-first-tables.ts';
import { browsing } from './002-browsing.ts';
import { promptsOfEvaluations } from './003-prompts-of-evaluations.ts';
import { runKeeping } from './004-run-keeping.ts';
import { triggerPresets } from './005-triggers.ts';
import { variantParts } from './006-variant-parts.ts';
import { recordStates } from './007-record-states.ts';
import { triggerResolution } from './008-trigger-resolution.ts';
import { triggerOrigin } from './009-trigger-origin.ts';
import { attackParts } from './010-attack-parts.ts';
import { modelColumns } from './011-model-columns.ts';
import { keyOrder } from './012-key-order.ts';
import { predictionShares } from './013-prediction-shares.ts';
import { madePictures } from './014-made-pictures.ts';
import { detectionsAndMetrics } from './015-detections-and-metrics.ts';
import { metricsOfBefore } from './016-metrics-of-before.ts';
import { pairs } from './017-pairs.ts';
import { startDataMethod } from './018-start-data-method.ts';
import { metricRanges } from './019-metric-ranges.ts';
import { measuringAndTags } from './020-measuring-and-tags.ts';
import { measuredSplit } from './021-measured-split.ts';
import { duplicates } from './022-duplicates.ts';
import { recipeParts } from './023-recipe-parts.ts';
import { modelsByCheckpoint } from './024-models-by-checkpoint.ts';
import { sweeps } from './025-sweeps.ts';
import { resumableImports } from './026-resumable-imports.ts';
import { datasetChanges } from './027-dataset-changes.ts';
import { fewerIndexes } from './028-fewer-indexes.ts';
import { largerSearchParts } from './029-larger-search-parts.ts';
import { uncheckedDatasets } from './030-unchecked-datasets.ts';
import { captionParts } from './031-caption-parts.ts';
import { recordBlocks } from './032-record-blocks.ts';
import type { Migration } from './migration.ts';

/** Every migration, in order. */
export const allMigrations: readonly Migration[] = [
  firstTables,
  browsing,
  promptsOfEvaluations,
  runKeeping,
  triggerPresets,
  variantParts,
  recordStates,
  triggerResolution,
  triggerOrigin,
  attackParts,
  modelColumns,
  keyOrder,
  predictionShares,
  madePictures,
  detectionsAndMetrics,
  metricsOfBefore,
  pairs,
  startDataMethod,
  metricRanges,
  measuringAndTags,
  measuredSplit,
  duplicates,
  recipeParts,
  modelsByCheckpoint,
  sweeps,
  resumableImports,
  datasetChanges,
  fewerIndexes,
  largerSearchParts,
  uncheckedDatasets,
  captionParts,
  recordBlocks,
];
