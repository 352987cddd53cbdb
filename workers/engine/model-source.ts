import type { ManifestFile, ModelManifest } from '../formats/model-manifest'

export interface ReadOptions {
  /** Called with the number of bytes of each part that arrived. */
  readonly onBytes: (count: number) => void
  readonly signal: AbortSignal
  /** Asks for the bytes from where they come from, not for those that were kept: these were damaged. */
  readonly isFresh?: boolean
}

/** Where model files come from: our own server, in Node the disk. Throws EngineFailure `model-unavailable` or `cancelled`. */
export interface ModelSource {
  manifest(model: string, signal: AbortSignal): Promise<ModelManifest>
  read(model: string, file: ManifestFile, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>>
  /** Is handed the files of a model once all are there and checked; does not fail. */
  keep?(model: string, files: readonly ReadFile[]): void
}

export interface ReadFile {
  readonly file: ManifestFile
  readonly bytes: Uint8Array<ArrayBuffer>
}
