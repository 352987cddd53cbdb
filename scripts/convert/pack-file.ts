/** A file of a pack folder, before it is written. */
export interface PackFile {
  /** Relative to the pack's folder, with `/`. */
  readonly path: string
  /** All of it, or what makes it piece by piece. */
  readonly bytes: Uint8Array | (() => AsyncIterable<Uint8Array>)
}
