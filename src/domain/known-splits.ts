/** Published data sets come in splits of known sizes: so many rows are one of them, and no other split has as many. */
import type { KnownDatasetId } from './known-dataset-ids'

/** Source: the data sets' own cards; rows that hold a text. */
const SPLITS: Readonly<Partial<Record<KnownDatasetId, Readonly<Record<number, string>>>>> = {
  tfsn: { 9543: 'train', 2388: 'valid' },
  fpb: { 4846: '50Agree', 4217: '66Agree', 3453: '75Agree', 2264: 'AllAgree' },
  'sst-2': { 67_349: 'train', 872: 'dev' },
  imdb: { 50_000: 'train and test' },
  sentiment140: { 1_600_000: 'train' },
}

/** Which split of a data set has so many rows; undefined where none has. */
export const splitOf = (dataset: KnownDatasetId, rows: number): string | undefined => SPLITS[dataset]?.[rows]

/** A data set that a model was trained with, or one split of it. */
export interface TrainingData {
  readonly dataset: KnownDatasetId
  readonly split?: string
}

/** Whether so many rows of a data set, in a file of this name, are what a model was trained with. */
export function wasTrainedWith(
  data: readonly TrainingData[],
  dataset: KnownDatasetId,
  rows: number,
  fileName: string,
): boolean {
  const split = splitOf(dataset, rows)
  // A part of a split is known by its file's name at best.
  const isNamed = (wanted: string) =>
    fileName
      .toLowerCase()
      .split(/[^a-z]+/)
      .includes(wanted)
  return data.some(
    (each) =>
      each.dataset === dataset &&
      (each.split === undefined || (split === undefined ? isNamed(each.split) : split === each.split)),
  )
}
