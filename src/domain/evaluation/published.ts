/** What others published of known data sets, to stand beside what was measured here and never among it. */
import type { KnownDatasetId } from '../known-dataset-ids'

export interface PublishedFigure {
  readonly system: string
  readonly accuracy: number
  readonly macroF1?: number
  readonly note?: string
}

export interface PublishedFigures {
  /** Where the figures are from. */
  readonly source: string
  readonly split: string
  readonly n: number
  /** Why they cannot be compared row for row, as a sentence. */
  readonly caution?: string
  readonly figures: readonly PublishedFigure[]
}

const SOURCE = 'FinGPT v3, README'

const PUBLISHED: Readonly<Partial<Record<KnownDatasetId, PublishedFigures>>> = {
  tfsn: {
    source: SOURCE,
    split: 'valid',
    n: 2388,
    figures: [
      { system: 'FinBERT', accuracy: 0.725, macroF1: 0.668 },
      { system: 'ChatGPT', accuracy: 0.731, macroF1: 0.693 },
      { system: 'GPT-4', accuracy: 0.813, macroF1: 0.758 },
      { system: 'Llama2-7B, zero-shot', accuracy: 0.386, macroF1: 0.401 },
      { system: 'FinGPT v3.1 (6B)', accuracy: 0.876, macroF1: 0.841 },
      { system: 'FinGPT v3.2 (7B)', accuracy: 0.894, macroF1: 0.866 },
      { system: 'FinGPT v3.3 (13B)', accuracy: 0.903, macroF1: 0.879 },
    ],
  },
  fpb: {
    source: SOURCE,
    split: 'a test split',
    n: 1212,
    caution: 'These are not the rows of 50Agree (4,846), so they cannot be compared row for row.',
    figures: [
      { system: 'FinBERT', accuracy: 0.878, note: 'trained on this set' },
      { system: 'ChatGPT', accuracy: 0.781 },
      { system: 'GPT-4', accuracy: 0.834 },
    ],
  },
}

/** What was published of a data set; undefined where nothing is known. */
export const publishedFigures = (dataset: KnownDatasetId): PublishedFigures | undefined => PUBLISHED[dataset]

/** Sets that are in the collection which Flan-T5 was trained with. Source: S. Longpre et al. (2023), "The Flan Collection". */
const IN_FLAN: ReadonlySet<KnownDatasetId> = new Set(['fpb', 'sst-2', 'imdb', 'sentiment140'])

/** Whether a model, by its name or address, has seen a data set in training: Flan-T5 and what was made of it. */
export const hasTrainedOn = (model: string, dataset: KnownDatasetId): boolean =>
  IN_FLAN.has(dataset) && /flan[-_ ]?t5/i.test(model)
