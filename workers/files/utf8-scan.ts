const LINE_FEED = 0x0a

/** Counts what is and what is not UTF-8 in a run of bytes. Source: Unicode 15, table 3-7, well-formed sequences. */
export class Utf8Scan {
  /** Characters of several bytes. */
  private valid = 0
  private invalid = 0
  private line = 1
  private firstInvalidLine = 1
  /** Continuation bytes still to come, and the bounds of the next one. */
  private missing = 0
  private low = 0x80
  private high = 0xbf

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.missing > 0) {
        if (byte >= this.low && byte <= this.high) {
          this.low = 0x80
          this.high = 0xbf
          this.missing -= 1
          if (this.missing === 0) this.valid += 1
          continue
        }
        this.missing = 0
        this.report()
      }
      if (byte < 0x80) {
        if (byte === LINE_FEED) this.line += 1
      } else this.begin(byte)
    }
  }

  /** The counts, and the line of the first byte that is not UTF-8. */
  end(): { readonly valid: number; readonly invalid: number; readonly line: number } {
    if (this.missing > 0) this.report()
    this.missing = 0
    return { valid: this.valid, invalid: this.invalid, line: this.firstInvalidLine }
  }

  private begin(byte: number): void {
    this.low = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80
    this.high = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf
    if (byte >= 0xc2 && byte <= 0xdf) this.missing = 1
    else if (byte >= 0xe0 && byte <= 0xef) this.missing = 2
    else if (byte >= 0xf0 && byte <= 0xf4) this.missing = 3
    else this.report()
  }

  private report(): void {
    if (this.invalid === 0) this.firstInvalidLine = this.line
    this.invalid += 1
  }
}
