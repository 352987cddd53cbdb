/** A file of a pack folder, before it is written. */
export interface PackFile {
  /** Relative to the pack's folder, with `/`. */
  readonly path: string
  readonly bytes: Uint8Array
}
