/** The store's own records, validated when they are read: another version of the page may have written them. */
import * as v from 'valibot'
import type { Json } from '../formats/stream-transform'

const hash = v.object({ kind: v.picklist(['sha256', 'git']), hex: v.string() })

const origin = v.variant('kind', [
  v.object({
    kind: v.literal('hub'),
    base: v.string(),
    repository: v.string(),
    revision: v.string(),
    commit: v.string(),
  }),
  v.object({ kind: v.literal('files'), name: v.string() }),
  v.object({ kind: v.literal('page') }),
])

const storeError = v.object({
  code: v.picklist([
    'not-a-model',
    'not-found',
    'access',
    'rate-limit',
    'hub',
    'offline',
    'connection',
    'disk-full',
    'wrong-hash',
    'unreadable',
    'unknown-model',
    'paused',
    'cancelled',
    'worker-lost',
  ]),
  message: v.string(),
  retryAfterSeconds: v.exactOptional(v.number()),
})

const wantedFile = v.object({
  /** Of the stored file. */
  path: v.string(),
  /** Of the published file, which it is made of. */
  source: v.object({ path: v.string(), sizeBytes: v.number(), hash: v.exactOptional(hash) }),
  /** Number format of the conversion, if the bytes are not stored as they are published. */
  conversion: v.exactOptional(v.string()),
  /** Of the stored file, once it is complete and verified; an estimate before. */
  sizeBytes: v.number(),
  sha256: v.exactOptional(v.string()),
})

const storedRecord = v.object({
  name: v.string(),
  origin,
  kind: v.picklist(['t5', 't5-onnx', 'encoder', 'adapter']),
  isPack: v.boolean(),
  adapters: v.array(v.string()),
  numberFormat: v.string(),
  licence: v.exactOptional(v.string()),
  parameters: v.exactOptional(v.number()),
  baseModel: v.exactOptional(v.string()),
  addedAt: v.number(),
  files: v.array(wantedFile),
  /** Set while a person wants it to wait. */
  isPaused: v.boolean(),
  /** All files are there, and the engine can load it. */
  isComplete: v.boolean(),
  /** Some stored bytes were found damaged and let go. */
  isDamaged: v.boolean(),
  /** Why the last attempt ended. */
  error: v.exactOptional(storeError),
})

export type WantedFile = Readonly<v.InferOutput<typeof wantedFile>>
export type StoredRecord = Readonly<v.InferOutput<typeof storedRecord>>

export function readStoredRecord(value: unknown): StoredRecord | undefined {
  const parsed = v.safeParse(storedRecord, value)
  return parsed.success ? parsed.output : undefined
}

const json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.null(), v.boolean(), v.number(), v.string(), v.array(json), v.record(v.string(), json)]),
)

const partRecord = v.object({
  /** Names the chunks. */
  bytes: v.string(),
  chunks: v.number(),
  storedBytes: v.number(),
  /** From which byte of the published file to go on. */
  sourceOffset: v.number(),
  /** States after `sourceOffset` bytes of the published file. */
  sourceHashes: v.array(v.object({ kind: v.picklist(['sha256', 'git']), state: v.instance(Uint8Array) })),
  /** Of a converted file: the state after the stored bytes. */
  resultHash: v.exactOptional(v.instance(Uint8Array)),
  /** Of the conversion's checkpoint. */
  transform: v.exactOptional(json),
})

/** How far a file has come: written with each chunk, in one transaction. */
export type PartRecord = Readonly<v.InferOutput<typeof partRecord>>

export function readPartRecord(value: unknown): PartRecord | undefined {
  const parsed = v.safeParse(partRecord, value)
  return parsed.success ? parsed.output : undefined
}

export const partPrefix = (model: string): string => `part/${model}/`
export const partKey = (model: string, path: string): string => `${partPrefix(model)}${path}`
