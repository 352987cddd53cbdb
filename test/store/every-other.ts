import { expect } from 'vitest'
import type { StreamTransform } from '../../workers/formats/stream-transform'
import type { Conversion } from '../../workers/store/conversion'

/** Keeps every other byte, in rows of `rowBytes` of which it returns whole ones only, so that its checkpoint lags behind. */
class EveryOther implements StreamTransform {
  private row: number[] = []

  constructor(
    private readonly rowBytes: number,
    private offset: number,
  ) {}

  push(bytes: Uint8Array): readonly Uint8Array<ArrayBuffer>[] {
    const rows: Uint8Array<ArrayBuffer>[] = []
    for (const byte of bytes) {
      this.row.push(byte)
      if (this.row.length === this.rowBytes) rows.push(this.take())
    }
    return rows
  }

  finish(): readonly Uint8Array<ArrayBuffer>[] {
    return this.row.length > 0 ? [this.take()] : []
  }

  checkpoint() {
    return { sourceOffset: this.offset, state: { rowBytes: this.rowBytes } }
  }

  private take(): Uint8Array<ArrayBuffer> {
    const kept = this.row.filter((_, index) => (this.offset + index) % 2 === 0)
    this.offset += this.row.length
    this.row = []
    return new Uint8Array(kept)
  }
}

/** A conversion for tests; its result is {@link everyOtherOf} the source. */
export const everyOther = (rowBytes: number): Conversion => ({
  numberFormat: 'halved',
  resultPath: (path) => path.replace('model.', 'model.halved.'),
  estimateBytes: ({ sizeBytes }) => Math.ceil(sizeBytes / 2),
  start: async (_, resume) => {
    if (resume) expect(resume.state).toEqual({ rowBytes })
    return new EveryOther(rowBytes, resume?.sourceOffset ?? 0)
  },
})

export const everyOtherOf = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  bytes.filter((_, index) => index % 2 === 0)
