/** What goes wrong at the test hub; may be changed while it runs. */
export interface Faults {
  /** Files per page of the tree. */
  pageSize: number
  /** Whether ranges are known; else every request gets the whole file. */
  knowsRanges: boolean
  /** For how long a signed address is good. */
  signatureMs: number
  /** Bytes after which the next connections to a file are cut, one after the other. */
  readonly cuts: number[]
  /** Slows every file down. */
  bytesPerSecond: number | undefined
  /** Answers in place of the hub, with the request's path and query; undefined lets it pass. */
  answer: (path: string) => { readonly status: number; readonly headers?: Record<string, string> } | undefined
  /** Changes the bytes of a file on their way. */
  spoil: (path: string, bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>
  /** Says nothing more on the next so many connections after the first byte. */
  stalls: number
}

export const noFaults = (): Faults => ({
  pageSize: 1_000,
  knowsRanges: true,
  signatureMs: 3_600_000,
  cuts: [],
  bytesPerSecond: undefined,
  answer: () => undefined,
  spoil: (_, bytes) => bytes,
  stalls: 0,
})
