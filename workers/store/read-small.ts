import type { PublishedFile } from '../../src/store/contract'
import { createRunningHash } from './running-hash'
import { StoreFailure } from './store-failure'
import type { Pieces } from './take-file'

/** Configurations and indices are small; the index of the largest checkpoints has a few hundred kB. */
const MAX_BYTES = 32 * 2 ** 20

/** All bytes of a small file, checked against its hash. @throws StoreFailure when it is not what was published, or too large */
export async function readSmall(pieces: Pieces, file: PublishedFile): Promise<Uint8Array<ArrayBuffer>> {
  const { path, sizeBytes, hash } = file
  if (sizeBytes > MAX_BYTES)
    throw new StoreFailure('not-a-model', `${path} has ${sizeBytes} bytes; such a file has a few thousand.`)
  const bytes = new Uint8Array(sizeBytes)
  for await (const piece of pieces(file, 0)) bytes.set(piece.bytes, piece.offset)
  if (!hash) return bytes
  const running = await createRunningHash(hash.kind, sizeBytes)
  running.update(bytes)
  if (running.digest() === hash.hex) return bytes
  throw new StoreFailure(
    'wrong-hash',
    `${path} is not what was published: its hash is another. Try again, and from elsewhere if that does not help.`,
  )
}
