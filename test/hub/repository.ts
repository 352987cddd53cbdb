import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A model as a hub has it. */
export interface Repository {
  readonly id: string
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
  readonly licence?: string
  readonly parameters?: number
  /** Its licence would have to be accepted first. */
  readonly isGated?: boolean
}

/** Which files a hub keeps beside git; their SHA-256 is known, that of the others is not. */
export const isLarge = (path: string): boolean => /\.(safetensors|onnx|onnx_data|bin|gguf)$/.test(path)

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
/** As git names a blob. */
export const gitHashOf = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')

/** Changes with any of the files. */
export function commitOf({ files }: Repository): string {
  const hash = createHash('sha1')
  for (const [path, bytes] of files) hash.update(`${path} ${gitHashOf(bytes)}\n`)
  return hash.digest('hex')
}

/** The files of a folder, by their paths. */
export function readFolder(folder: string): Map<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name)
      files.set(path.slice(folder.length + 1).replaceAll('\\', '/'), new Uint8Array(readFileSync(path)))
    }
  return files
}

const embedded = 'public/models'
const shared = '../shared/models'

/** The embedded models as if they were published, in each layout that is at hand. */
export function ownRepositories(): readonly Repository[] {
  const names = ['smallcap-t5-nano', 'smallcap-t5-mini']
  const layouts = [
    ...names.map((name) => [`own/${name}`, join(embedded, name)] as const),
    ...names.map((name) => [`own/${name}-safetensors`, join(shared, name)] as const),
    ...names.map((name) => [`own/${name}-onnx`, join(shared, name, 'onnx-reference')] as const),
    ['own/minilm-finance-classifier', join(shared, 'minilm-finance-classifier')] as const,
  ]
  return layouts
    .filter(([, folder]) => existsSync(folder))
    .map(([id, folder]) => ({ id, licence: 'apache-2.0', files: readFolder(folder) }))
}
