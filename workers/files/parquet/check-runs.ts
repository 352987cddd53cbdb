import { FileFailure } from '../file-failure'

/**
 * Walks run-length encoded or bit-packed values and throws FileFailure `invalid-parquet` for a run of more than `limit`,
 * which a reader would write out whole. Source: Parquet format, "RLE/Bit-Packing Hybrid".
 * @param bytes the runs and whatever follows them
 * @param bitWidth bits of one value
 * @param limit values that the runs hold together
 */
export function checkRuns(bytes: Uint8Array, bitWidth: number, limit: number): void {
  let at = 0
  let seen = 0
  while (seen < limit && at < bytes.length) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at]
      at += 1
      if (byte === undefined || shift > 28)
        throw new FileFailure('invalid-parquet', 'a run of values is cut off.')
      header += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const isPacked = header % 2 === 1
    const count = Math.floor(header / 2)
    if (!isPacked && count > limit)
      throw new FileFailure(
        'invalid-parquet',
        `a run claims ${count.toLocaleString('en')} values where ${limit.toLocaleString('en')} belong.`,
      )
    seen += isPacked ? count * 8 : count
    at += isPacked ? count * bitWidth : Math.ceil(bitWidth / 8)
  }
}
