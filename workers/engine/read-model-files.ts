import { ModelFormatError } from '../formats/format-error'
import type { LoadProgress } from '../../src/engine/contract'
import type { JobContext } from './jobs'
import {
  filesToLoad,
  type FilesWanted,
  type ManifestFile,
  type ModelKind,
  type ModelManifest,
} from '../formats/model-manifest'
import type { ModelSource, ReadFile } from './model-source'

/** The bytes of a model's files, hashes checked. */
export interface ModelFiles {
  readonly kind: ModelKind
  /** As the manifest tells; 1 where nobody counted. */
  readonly parameters: number
  readonly adapters: readonly string[]
  has(path: string): boolean
  /** @throws ModelFormatError when the model has no such file */
  bytes(path: string): Uint8Array<ArrayBuffer>
  /** @throws ModelFormatError when the model has no such file */
  sha256(path: string): string
  readonly paths: readonly string[]
}

/** Fetches the files of a model, with progress over their sum, and checks their sizes and SHA-256. */
export async function readModelFiles(
  source: ModelSource,
  model: string,
  onProgress: (progress: LoadProgress) => void | Promise<void>,
  { checkpoint, signal }: JobContext,
  wanted: FilesWanted = {},
): Promise<ModelFiles> {
  const manifest = await source.manifest(model, signal)
  const needed = filesToLoad(manifest, wanted)
  const totalBytes = needed.reduce((sum, file) => sum + file.sizeBytes, 0)
  let receivedBytes = 0
  let reported = Promise.resolve()
  const onBytes = (count: number) => {
    receivedBytes += count
    const progress = { phase: 'downloading', receivedBytes, totalBytes } as const
    reported = reported.then(() => onProgress(progress))
  }
  onBytes(0)
  const read = await Promise.all(
    needed.map(async (file) => ({ file, bytes: await source.read(model, file, { onBytes, signal }) })),
  )
  await reported
  await onProgress({ phase: 'verifying' })
  const checked: ReadFile[] = []
  for (const { file, bytes } of read) {
    await checkpoint()
    checked.push({ file, bytes: await verified(source, model, file, bytes, signal) })
  }
  source.keep?.(model, checked)
  return collect(manifest, checked)
}

/** The bytes if they are the file's; else they are asked for once more, past any that were kept. */
async function verified(
  source: ModelSource,
  model: string,
  file: ManifestFile,
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!(await findDamage(file, bytes))) return bytes
  const fresh = await source.read(model, file, { onBytes: () => undefined, signal, isFresh: true })
  const damage = await findDamage(file, fresh)
  if (damage) throw damage
  return fresh
}

async function findDamage(
  file: ManifestFile,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<ModelFormatError | undefined> {
  if (bytes.length !== file.sizeBytes)
    return new ModelFormatError(file.path, 'size', `${String(file.sizeBytes)} bytes`, String(bytes.length))
  const found = await sha256Of(bytes)
  if (found === file.sha256) return undefined
  return new ModelFormatError(file.path, 'SHA-256', file.sha256, found)
}

/** Lower-case hexadecimal. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function collect(
  { name, kind, parameters, adapters }: ModelManifest,
  files: readonly ReadFile[],
): ModelFiles {
  const byPath = new Map(files.map((read) => [read.file.path, read] as const))
  const found = (path: string): ReadFile => {
    const read = byPath.get(path)
    if (!read) throw new ModelFormatError(path, 'file', `to be part of the model ${name}`, 'nothing')
    return read
  }
  return {
    kind,
    parameters,
    adapters,
    paths: [...byPath.keys()],
    has: (path) => byPath.has(path),
    bytes: (path) => found(path).bytes,
    sha256: (path) => found(path).file.sha256,
  }
}
