/** What JSON can say: state that survives a reload. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Turns a file into another while it arrives, in bounded memory, and can go on after any interruption. */
export interface StreamTransform {
  /** Takes the source's bytes in order, in pieces of any size; returns the result's bytes that became final. */
  push(bytes: Uint8Array): readonly Uint8Array<ArrayBuffer>[]
  /** @throws when the source was too short */
  finish(): readonly Uint8Array<ArrayBuffer>[]
  /** From which source byte to go on, and with which state, after everything returned so far was stored. */
  checkpoint(): { readonly sourceOffset: number; readonly state: Json }
}
