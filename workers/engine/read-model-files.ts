import { ModelFormatError } from '../formats/format-error'
import type { LoadProgress } from '../../src/engine/contract'
import { EngineFailure } from './engine-failure'
import type { JobContext } from './jobs'
import { filesToLoad, type ManifestFile } from '../formats/model-manifest'
import type { ModelSource, ReadFile } from './model-source'

/** The bytes of a model's files, hashes checked. */
export interface ModelFiles {
  readonly adapters: readonly string[]
  has(path: string): boolean
  /** @throws ModelFormatError when the model has no such file */
  bytes(path: string): Uint8Array
  /** @throws ModelFormatError when the model has no such file */
  sha256(path: string): string
  /** The one file whose path matches. @throws EngineFailure `invalid-model` when there is none or more than one */
  only(pattern: RegExp): string
}

/** Fetches the files of a model, with progress over their sum, and checks their sizes and SHA-256. */
export async function readModelFiles(
  source: ModelSource,
  model: string,
  onProgress: (progress: LoadProgress) => void | Promise<void>,
  { checkpoint, signal }: JobContext,
  withProbes = false,
): Promise<ModelFiles> {
  const manifest = await source.manifest(model, signal)
  const needed = filesToLoad(manifest, withProbes)
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
  return collect(model, manifest.adapters, checked)
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
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (found === file.sha256) return undefined
  return new ModelFormatError(file.path, 'SHA-256', file.sha256, found)
}

function collect(model: string, adapters: readonly string[], files: readonly ReadFile[]): ModelFiles {
  const byPath = new Map(files.map((read) => [read.file.path, read] as const))
  const found = (path: string): ReadFile => {
    const read = byPath.get(path)
    if (!read) throw new ModelFormatError(path, 'file', `to be part of the model ${model}`, 'nothing')
    return read
  }
  return {
    adapters,
    has: (path) => byPath.has(path),
    bytes: (path) => found(path).bytes,
    sha256: (path) => found(path).file.sha256,
    only(pattern) {
      const matching = [...byPath.keys()].filter((path) => pattern.test(path))
      const [path] = matching
      if (path !== undefined && matching.length === 1) return path
      throw new EngineFailure(
        'invalid-model',
        `The model ${model} has ${String(matching.length)} weights files (${matching.join(', ')}); it needs exactly one.`,
      )
    },
  }
}
