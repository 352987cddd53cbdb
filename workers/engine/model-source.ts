import type { ManifestFile, ModelManifest } from '../formats/model-manifest'

export interface ReadOptions {
  /** Called with the number of bytes of each part that arrived. */
  readonly onBytes: (count: number) => void
  readonly signal: AbortSignal
}

/** Where model files come from: our own server, in Node the disk. Throws EngineFailure `model-unavailable` or `cancelled`. */
export interface ModelSource {
  manifest(model: string, signal: AbortSignal): Promise<ModelManifest>
  read(model: string, file: ManifestFile, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>>
}
