/** What a file is by its first bytes, whatever its name says. */
import { FileFailure } from './file-failure'

/** Bytes that are looked at. */
export const HEAD_BYTES = 64 * 2 ** 10

const MAGIC: readonly { readonly bytes: readonly number[]; readonly what: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a zip archive or an Excel workbook' },
  { bytes: [0x50, 0x4b, 0x05, 0x06], what: 'an empty zip archive' },
  { bytes: [0x1f, 0x8b], what: 'packed with gzip' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'packed with zstd' },
  { bytes: [0x42, 0x5a, 0x68], what: 'packed with bzip2' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'packed with xz' },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], what: 'a 7-Zip archive' },
  { bytes: [0x52, 0x61, 0x72, 0x21], what: 'a RAR archive' },
]
const PARQUET = [0x50, 0x41, 0x52, 0x31]

/** More control characters than this among all bytes, and it is no text. */
const MAX_CONTROL_SHARE = 0.01

const startsWith = (bytes: Uint8Array, magic: readonly number[]) =>
  magic.every((byte, at) => bytes[at] === byte)

/** Whether the first bytes say parquet. */
export const isParquet = (head: Uint8Array): boolean => startsWith(head, PARQUET)

/** Throws FileFailure `archive` for packed files, which may unpack to any size. */
export function refuseArchives(head: Uint8Array): void {
  const found = MAGIC.find(({ bytes }) => startsWith(head, bytes))
  if (!found) return
  throw new FileFailure(
    'archive',
    `this is ${found.what}; unpack it, or export it as CSV, and open what is inside.`,
  )
}

/** Throws FileFailure `binary` where control characters are too many for a text of single bytes. */
export function refuseBinary(head: Uint8Array): void {
  const controls = head.filter(
    (byte) => byte < 0x20 && ![0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b].includes(byte),
  ).length
  if (controls > head.length * MAX_CONTROL_SHARE && controls > 1) {
    const at = head.findIndex((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(byte))
    const line = head.subarray(0, at).filter((byte) => byte === 0x0a).length + 1
    throw new FileFailure('binary', 'this is no text: it is full of control characters.', { line })
  }
}
