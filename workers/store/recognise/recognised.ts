import type { JsonFields } from '../../formats/json-fields'
import type { ModelChoice, PublishedFile } from '../../../src/store/contract'

/** A folder at a hub or on this device. */
export interface Folder {
  readonly files: readonly PublishedFile[]
  readonly find: (path: string) => PublishedFile | undefined
  /** A small JSON file; undefined where there is none. @throws ModelFormatError, StoreFailure */
  fields(path: string): Promise<JsonFields | undefined>
  /** A small file; undefined where there is none. @throws StoreFailure */
  bytes(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>
}

/** A choice before it is known what it will be called. */
export type Recipe = Omit<ModelChoice, 'model'>

export interface Recognised {
  readonly choices: readonly Recipe[]
  /** A sentence, where there is no choice. */
  readonly unusable?: string
  readonly displayName?: string
  readonly licence?: string
  readonly parameters?: number
  readonly baseModel?: string
}

export const AS_PUBLISHED = 'as published'

export const sumBytes = (files: readonly PublishedFile[]): number =>
  files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

/** A choice that stores files as they are published. */
export const asPublished = (
  kind: Recipe['kind'],
  numberFormat: string,
  files: readonly PublishedFile[],
  more: Partial<Recipe> = {},
): Recipe => ({
  kind,
  numberFormat,
  isPack: false,
  adapters: [],
  downloadBytes: sumBytes(files),
  storedBytes: sumBytes(files),
  files,
  ...more,
})

/** What a model needs beside its weights, as far as it is there. */
const SMALL_FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'generation_config.json',
  // Of our own models.
  'task.json',
  'probes.json',
]

export const smallFiles = ({ find }: Folder): readonly PublishedFile[] =>
  SMALL_FILES.flatMap((path) => find(path) ?? [])

/** A sentence where a folder has no tokenizer that can be read here. */
export function lacksTokenizer({ find }: Folder): string | undefined {
  if (find('tokenizer.json')) return undefined
  return find('spiece.model')
    ? 'Its tokenizer is there as spiece.model only; tokenizer.json is needed. Look for a copy that has one.'
    : 'It has no tokenizer.json. Look for a copy that has one.'
}
