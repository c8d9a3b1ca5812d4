import type { RecordDetail, RecordRow } from '#contract/api/datasets.ts';
import { tokenise } from '#core/tokenizer/tokenizer.ts';
import { loadTokenizer, loadTokenTexts } from '#main/data/words/clip-merges.ts';
import type { BrowsedRecord } from '#main/workbench/datasets/browsing/record-browser.ts';
import {
  modelViewAddress,
  pictureAddress,
  thumbnailAddress,
  triggeredAddress,
} from '../http/media-addresses.ts';

const thumbnailSide = 96;

/** Tokens that every published CLIP reads of a caption. */
const contextLength = 77;

export function toRecordRow({ record, tags, state, changes, seenAs }: BrowsedRecord): RecordRow {
  const { id, key, caption, label, split, width, height } = record;
  return {
    id,
    key,
    caption,
    label,
    split,
    width,
    height,
    state,
    tags,
    poisonedIn: changes.map(({ variant }) => variant),
    thumbnail:
      seenAs === null
        ? thumbnailAddress(record, thumbnailSide)
        : triggeredAddress(seenAs.variantId, id, thumbnailSide),
  };
}

/** @param resolution pixels a side of the model's view */
export function toRecordDetail(
  browsed: BrowsedRecord,
  resolution: number,
  file: RecordDetail['file'],
): RecordDetail {
  const { record, changes } = browsed;
  const textOf = loadTokenTexts();
  return {
    ...toRecordRow(browsed),
    name: record.name,
    sha256: record.sha256,
    datasetId: record.datasetId,
    picture: pictureAddress(record),
    modelView: modelViewAddress(record, resolution),
    resolution,
    file,
    tokens: tokenise(loadTokenizer(), record.caption, contextLength).map((id) => ({ id, text: textOf(id) })),
    changes: changes.map(({ variantId, variant, newCaption, renderedSha256 }) => ({
      variantId,
      variant,
      newCaption,
      renderedSha256,
      picture: triggeredAddress(variantId, record.id, null),
    })),
  };
}
