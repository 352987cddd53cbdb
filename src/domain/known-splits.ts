/** Published data sets come in splits of known sizes: so many rows are one of them, and no other split has as many. */
import type { KnownDatasetId } from './known-dataset-ids'

/** Source: the data sets' own cards; rows that hold a text. */
const SPLITS: Readonly<Partial<Record<KnownDatasetId, Readonly<Record<number, string>>>>> = {
  tfsn: { 9543: 'train', 2388: 'valid' },
  fpb: { 4846: '50Agree', 4217: '66Agree', 3453: '75Agree', 2264: 'AllAgree' },
  imdb: { 50_000: 'train and test' },
  sentiment140: { 1_600_000: 'train' },
}

/** Which split of a data set has so many rows; undefined where none has. */
export const splitOf = (dataset: KnownDatasetId, rows: number): string | undefined => SPLITS[dataset]?.[rows]
