import * as v from 'valibot'
import { AS_PUBLISHED } from './recognise/recognised'
import type { StoredRecord } from './records'

const pageRecord = v.object({
  files: v.array(v.object({ path: v.string(), sizeBytes: v.number(), sha256: v.string() })),
})

/** The record of a model that comes with the page, which the engine keeps, as one of the store's own. */
export function readPageRecord(model: string, value: unknown): StoredRecord | undefined {
  const parsed = v.safeParse(pageRecord, value)
  if (!parsed.success) return undefined
  const { files } = parsed.output
  const format = files.flatMap(({ path }) => /^model\.(\w+)\.safetensors$/.exec(path)?.[1] ?? [])[0]
  return {
    name: model,
    origin: { kind: 'page' },
    kind: 't5',
    isPack: true,
    adapters: [],
    numberFormat: format ?? AS_PUBLISHED,
    addedAt: 0,
    files: files.map((file) => ({ ...file, source: { path: file.path, sizeBytes: file.sizeBytes } })),
    isComplete: true,
    isPaused: false,
    isDamaged: false,
  }
}
