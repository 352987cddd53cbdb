/** Published data sets that are recognised, apart from how they are: what only stores an id needs no more. */
export const KNOWN_DATASETS = ['tfsn', 'fpb', 'sst-2', 'sentfin', 'fiqa', 'imdb', 'sentiment140'] as const
export type KnownDatasetId = (typeof KNOWN_DATASETS)[number]
