/** What can be written as JSON and read back. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Turns a file into another while it arrives, e.g. fp32 weights into int8 ones, and can go on after a crash. */
export interface StreamTransform {
  /** Takes the source's bytes in order, in pieces of any size; returns the result's bytes that became final. */
  push(bytes: Uint8Array): readonly Uint8Array<ArrayBuffer>[]
  /** @throws when the source was too short */
  finish(): readonly Uint8Array<ArrayBuffer>[]
  /** From which source byte to go on, and with which state, after everything returned so far was stored. */
  checkpoint(): { readonly sourceOffset: number; readonly state: Json }
}
