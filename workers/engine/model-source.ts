/** One file of a model. */
export interface ModelFile {
  readonly path: string
  readonly sizeBytes: number
  /** Hexadecimal; checked where it is given. */
  readonly sha256?: string
}

/** The files a model is made of; `adapters` are folders with an `adapter_config.json`. */
export interface ModelManifest {
  readonly name: string
  readonly files: readonly ModelFile[]
  readonly adapters: readonly string[]
}

export interface ReadOptions {
  /** Called with the number of bytes of each part that arrived. */
  readonly onBytes: (count: number) => void
}

/** Where model files come from: our own server, in Node the disk. Throws EngineFailure `model-unavailable`. */
export interface ModelSource {
  manifest(model: string): Promise<ModelManifest>
  read(model: string, file: ModelFile, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>>
}
