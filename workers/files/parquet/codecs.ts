import type { Compressors } from 'hyparquet'
import { compressors, decompressZstd } from 'hyparquet-compressors'
import { FileFailure } from '../file-failure'
import { MAX_PAGE_BYTES } from '../limits'

// Without an output of known size the decoder would allocate whatever size the page claims for itself.
const bounded: Compressors = {
  ...compressors,
  ZSTD: (input, length) =>
    (decompressZstd as (input: Uint8Array, output: Uint8Array) => Uint8Array)(input, new Uint8Array(length)),
}

/** The decompressors of all codecs, which refuse pages that claim to unpack to more than is sensible. */
export const codecs: Compressors = Object.fromEntries(
  Object.entries(bounded).map(([codec, decompress]) => [
    codec,
    (input: Uint8Array, length: number) => {
      if (length < 0 || length > MAX_PAGE_BYTES)
        throw new FileFailure(
          'invalid-parquet',
          `a page claims to unpack to ${length.toLocaleString('en')} bytes.`,
        )
      return decompress(input, length)
    },
  ]),
)
