/**
 * Published models that are known to be worth a look. Sizes are those of the files on the hub in October 2026, rounded; what
 * is downloaded in the end is said exactly before it begins.
 */

import type { TrainingData } from '../domain/known-splits'

export interface KnownModel {
  readonly repository: string
  readonly parameters: number
  /** As the hub names it; `unknown` where the repository says nothing. */
  readonly licence: string
  /** A few words: what it is good for. */
  readonly goodFor: string
  /** What can be taken, and about how many megabytes each is to download. */
  readonly downloads: readonly { readonly what: string; readonly megabytes: number }[]
}

export const KNOWN_MODELS: readonly KnownModel[] = [
  {
    repository: 'google/flan-t5-small',
    parameters: 77e6,
    licence: 'apache-2.0',
    goodFor: 'Any labels, zero-shot and k-shot; the smallest Flan-T5.',
    downloads: [{ what: 'safetensors', megabytes: 308 }],
  },
  {
    repository: 'google/flan-t5-base',
    parameters: 248e6,
    licence: 'apache-2.0',
    goodFor: 'Any labels; the size most adapters are made for.',
    downloads: [{ what: 'safetensors', megabytes: 990 }],
  },
  {
    repository: 'google/flan-t5-large',
    parameters: 783e6,
    licence: 'apache-2.0',
    goodFor: 'Any labels, best zero-shot of what fits a browser; needs about 1 GB of memory.',
    downloads: [{ what: 'safetensors', megabytes: 3133 }],
  },
  {
    repository: 'Xenova/flan-t5-small',
    parameters: 77e6,
    licence: 'apache-2.0',
    goodFor: 'Flan-T5 small, ready to run and small to download.',
    downloads: [
      { what: 'q8', megabytes: 95 },
      { what: 'fp32', megabytes: 374 },
    ],
  },
  {
    repository: 'Xenova/flan-t5-base',
    parameters: 248e6,
    licence: 'apache-2.0',
    goodFor: 'Flan-T5 base, ready to run.',
    downloads: [
      { what: 'q8', megabytes: 275 },
      { what: 'fp32', megabytes: 1090 },
    ],
  },
  {
    repository: 'Xenova/LaMini-Flan-T5-783M',
    parameters: 783e6,
    licence: 'cc-by-nc-4.0',
    goodFor: 'Flan-T5 large, tuned further on instructions; not for commercial use.',
    downloads: [{ what: 'q8', megabytes: 822 }],
  },
  {
    repository: 'Xenova/finbert',
    parameters: 110e6,
    licence: 'unknown',
    goodFor: 'Financial sentiment with fixed labels: the encoder classifier that articles compare with.',
    downloads: [
      { what: 'q8', megabytes: 111 },
      { what: 'fp32', megabytes: 438 },
    ],
  },
  {
    repository: 'ybelkada/flan-t5-large-financial-phrasebank-lora',
    parameters: 4.7e6,
    licence: 'unknown',
    goodFor: 'An adapter: Flan-T5 large tuned on the Financial PhraseBank. Needs google/flan-t5-large.',
    downloads: [{ what: 'adapter', megabytes: 19 }],
  },
]

/** What training took, where whoever trained a model says so. */
export interface TrainingCost {
  readonly time: string
  readonly device: string
  /** What was trained in that time. */
  readonly of: string
  readonly source: string
}

const trainedFor = (time: string, of = 'base, adapter and their teachers'): TrainingCost => ({
  time,
  device: '2 processor cores',
  of,
  source: "the model's card and the recipe",
})

/** By the model's id. */
export const TRAINING_COSTS: Readonly<Record<string, TrainingCost | undefined>> = {
  'smallcap-t5-nano': trainedFor('about 2 hours'),
  'smallcap-t5-mini': trainedFor(
    'about 18 hours',
    'base, adapter and their teachers; not the language model that gave labels and texts',
  ),
}

/** What a model was trained with, of the data sets that are recognised; adapters by their names. */
export interface TrainedWith {
  readonly base: readonly TrainingData[]
  readonly adapters: Readonly<Record<string, readonly TrainingData[] | undefined>>
}

const OURS: TrainedWith = {
  base: [{ dataset: 'sst-2', split: 'train' }, { dataset: 'imdb' }, { dataset: 'sentfin' }],
  adapters: { finance: [{ dataset: 'tfsn', split: 'train' }] },
}

/** By the model's id. Source: the models' cards. */
export const TRAINED_WITH: Readonly<Record<string, TrainedWith | undefined>> = {
  'smallcap-t5-nano': OURS,
  'smallcap-t5-mini': OURS,
}
